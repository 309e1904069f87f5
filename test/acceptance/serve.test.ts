import { spawnSync } from 'node:child_process';
import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { brownie, logLines, messagesOf, startService, temporaryFolder } from './service-process.ts';
import { signUp } from './sign-up.ts';

async function signUpForTeam(url: string) {
  const headers = await signUp(url);
  const me = (await (await fetch(`${url}/api/v1/auth/me`, { headers })).json()) as { team_id: string };
  return { headers, teamId: me.team_id };
}

describe('brownie serve without a DSN', () => {
  test('starts on an empty folder, tells where everything is, keeps data and stops cleanly', async () => {
    await using folder = await temporaryFolder();
    const variables = { METADATA_DATA_DIR: join(folder.path, 'data') };
    await using first = await startService(variables);
    const headers = await signUp(first.url);
    expect(logLines(first.output()).find(({ message }) => message === 'service started')).toMatchObject({
      url: first.url,
      documentation: `${first.url}/docs`,
      data_directory: variables.METADATA_DATA_DIR,
    });
    expect(await first.end('SIGINT')).toEqual({ code: 0, signal: null });
    const { mode } = await stat(join(variables.METADATA_DATA_DIR, 'jwt-secret'));
    expect(mode & 0o777).toBe(0o600);

    await using second = await startService(variables);
    const me = await fetch(`${second.url}/api/v1/auth/me`, { headers });
    expect(me.status).toBe(200);
    expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  test('has every acknowledged row after kill -9 in a stream of 200 creations', async () => {
    await using folder = await temporaryFolder();
    const variables = { METADATA_DATA_DIR: folder.path };
    await using service = await startService(variables);
    const { headers, teamId } = await signUpForTeam(service.url);
    const acknowledged: string[] = [];
    const create = async (index: number): Promise<void> => {
      const reply = await fetch(`${service.url}/api/v1/teams/${teamId}/incidents`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ title: `Incident ${index}` }),
      });
      const { id } = (await reply.json()) as { id: string };
      acknowledged.push(id);
      if (acknowledged.length === 100) {
        service.process.kill('SIGKILL');
      }
    };
    const attempts = Array.from({ length: 200 }, (_, index) => index);
    const workers = Array.from({ length: 8 }, async () => {
      for (let index = attempts.shift(); index !== undefined; index = attempts.shift()) {
        await create(index).catch(() => undefined);
      }
    });
    await Promise.all(workers);
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    expect(acknowledged.length).toBeLessThan(200);

    await using again = await startService(variables);
    // @NOTE "not now" is no answer to whether a row is there.
    const statusOf = async (id: string): Promise<number> => {
      for (;;) {
        const reply = await fetch(`${again.url}/api/v1/incidents/${id}`, { headers });
        if (reply.status !== 503) {
          return reply.status;
        }
        await delay(1_000 * Number(reply.headers.get('retry-after')));
      }
    };
    const statuses = await Promise.all(acknowledged.map(statusOf));
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    await again.end('SIGTERM');
  });

  test('refuses a second copy on the same folder in one line', async () => {
    await using folder = await temporaryFolder();
    const variables = { METADATA_DATA_DIR: folder.path };
    await using service = await startService(variables);
    const second = await brownie(['serve'], variables);
    expect(second.code).toBe(1);
    expect(second.stderr.trim().split('\n')).toHaveLength(1);
    expect(second.stderr).toContain(folder.path);
    await service.end('SIGTERM');
  });

  test('refuses a taken port of either kind in one line, before it makes a database', async () => {
    await using folder = await temporaryFolder();
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    for (const setting of ['METADATA_PORT', 'METADATA_OPS_PORT']) {
      const refused = await brownie(['serve'], { METADATA_DATA_DIR: folder.path, [setting]: String(port) });
      expect([refused.code, messagesOf(refused.stderr)]).toEqual([
        1,
        `Port ${port} is taken: stop what listens there, or set ${setting} to another`,
      ]);
    }
    taken.close();
    expect(await readdir(folder.path)).not.toContain('postgres');
  });

  test('refuses a folder that is none in one line', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    const refused = await brownie(['serve'], { METADATA_DATA_DIR: file });
    expect([refused.code, messagesOf(refused.stderr)]).toEqual([
      1,
      `METADATA_DATA_DIR: "${file}" is no folder that this user can use (ENOTDIR); make it readable and writable for this user, or choose another`,
    ]);
  });
});

describe('brownie', () => {
  test('reports every fault of the configuration at once', async () => {
    const refused = await brownie(['serve'], {
      METADATA_ENVIRONMENT: 'production',
      METADATA_POSTGRES_POOL_SIZE: 'ten',
      METADATA_JWT_SECRET: 'changeme',
    });
    expect(refused.code).toBe(1);
    for (const words of [
      'METADATA_POSTGRES_DSN',
      '"ten"',
      'METADATA_JWT_SECRET',
      'openssl rand -base64 32',
    ]) {
      expect(messagesOf(refused.stderr)).toContain(words);
    }
    expect(refused.stderr).not.toContain('changeme');
  });

  test('shows its configuration with secrets masked', async () => {
    const secret = 'canary-Zm9vYmFyYmF6cXV4LXNlY3JldA-1234567';
    const shown = await brownie(['config'], {
      METADATA_JWT_SECRET: secret,
      METADATA_POSTGRES_DSN: 'postgresql://brownie:canary-password@db.example:5432/brownie',
    });
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/^METADATA_JWT_SECRET .* environment$/m);
    expect(shown.stdout + shown.stderr).not.toContain('canary');
  });

  test('refuses a command that there is not, with exit code 2', async () => {
    const refused = await brownie(['sevre']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('serve');
  });

  test('says which Node it needs on an older one', async (context) => {
    const older = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
      const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
      return status === 0 && Number(/^v(\d+)/.exec(stdout)?.[1]) < 24;
    });
    if (older === undefined) {
      context.skip('no Node older than 24 is on this machine');
      return;
    }
    await using folder = await temporaryFolder();
    const withoutNode = join(folder.path, 'bin');
    await cp('bin', withoutNode, { recursive: true });
    for (const [place, advice] of [
      ['bin', 'Run it by npm start or bin/brownie'],
      [withoutNode, 'run npm ci again, without --omit=optional'],
    ] as const) {
      const { status, stderr } = spawnSync(older, [join(place, 'brownie.cjs'), 'serve'], {
        encoding: 'utf8',
      });
      expect(status).toBe(1);
      expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(`needs Node.js 24 or newer`)]);
      expect(stderr).toContain(advice);
    }
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
      scripts: { prepare: string };
    };
    for (const [node, cwd] of [
      [older, '.'],
      [process.execPath, folder.path],
    ] as const) {
      const PATH = `${dirname(node)}:${process.env['PATH']}`;
      const prepared = spawnSync('sh', ['-c', scripts.prepare], { cwd, env: { PATH }, encoding: 'utf8' });
      expect([node, prepared.status, prepared.stdout + prepared.stderr]).toEqual([node, 0, '']);
    }
  });

  test('has the version of its package', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect((await brownie(['--version'])).stdout).toBe(`${version}\n`);
  });
});
