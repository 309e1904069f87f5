import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { expect, vi } from 'vitest';
import { logLines, type ServiceProcess, startService, temporaryFolder } from './service-process.ts';
import { signUp } from './sign-up.ts';

export interface LogScenario {
  /** Standard output and standard error of the whole run. */
  readonly output: string;
  readonly end: { code: number | null; signal: NodeJS.Signals | null };
  readonly userId: string;
  /** The log of PostgreSQL. */
  readonly postgresLog: string;
}

/** Code that Node.js runs in the service before anything else, as an agent of a monitoring product would. */
export const preload = (code: string): string =>
  `--import=data:text/javascript,${encodeURIComponent(`if (process.argv.includes('--supervised')) { ${code} }`)}`;

/**
 * A service that meets everything that can reach a log: warnings of Node.js, a failed request, an aborted one, another
 * level, a faulty configuration and, at last, an error that nothing catches.
 */
export async function runLogScenario(): Promise<LogScenario> {
  await using folder = await temporaryFolder();
  const dataDirectory = join(folder.path, 'data');
  const configure = (text: string): Promise<void> => writeFile(join(folder.path, '.env'), text);
  const options = preload(
    `process.emitWarning('canary-free warning'); process.on('SIGQUIT', () => setImmediate(() => { throw new Error('nobody catches me') }));`,
  );
  await using service = await startService(
    { METADATA_DATA_DIR: dataDirectory, NODE_OPTIONS: options },
    folder.path,
  );
  const headers = await signUp(service.url);
  const me = async (requestId: string) => {
    const reply = await fetch(`${service.url}/api/v1/auth/me`, {
      headers: { ...headers, 'x-request-id': requestId },
    });
    return { status: reply.status, body: (await reply.json()) as { id: string; team_id: string } };
  };
  const { id: userId, team_id: teamId } = (await me('trace-ok')).body;

  const superuser = await superuserOf(dataDirectory);
  await superuser.query('revoke select on users from brownie_app');
  expect((await me('trace-failed')).status).toBe(500);
  await superuser.query('grant select on users to brownie_app');
  await superuser.end();

  await abort(service.url, `/api/v1/teams/${teamId}/incidents`, {
    ...headers,
    'x-request-id': 'trace-aborted',
  });
  await untilLogged(service, /"request_id":"trace-aborted"/);

  await configure('METADATA_LOG_LEVEL=error\n');
  service.process.kill('SIGHUP');
  await untilLogged(service, /configuration reloaded/);
  await me('trace-quiet');
  await configure('METADATA_LOG_LEVEL=everything\n');
  service.process.kill('SIGHUP');
  await untilLogged(service, /the configuration is not reloaded/);
  await configure('METADATA_LOG_LEVEL=debug\n');
  service.process.kill('SIGHUP');
  await untilLogged(service, /configuration reloaded.*configuration reloaded/s);
  await me('trace-loud');
  await untilLogged(service, /trace-loud/);

  const postgresLog = await readFile(join(dataDirectory, 'postgres.log'), 'utf8');
  const end = await service.end('SIGQUIT');
  return { output: service.output(), end, userId, postgresLog };
}

/** Resolves once the log has it. */
export async function untilLogged(service: ServiceProcess, pattern: RegExp): Promise<void> {
  await vi.waitFor(() => expect(service.output()).toMatch(pattern), { timeout: 120_000, interval: 20 });
}

/** Sends a request whose body never comes, and hangs up once the server waits for it. */
async function abort(url: string, path: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const lines = Object.entries({
    ...headers,
    host: hostname,
    expect: '100-continue',
    'content-length': '99',
  });
  socket.write(
    `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
}

export async function superuserOf(dataDirectory: string): Promise<pg.Client> {
  const { port, passwords } = JSON.parse(await readFile(join(dataDirectory, 'credentials.json'), 'utf8')) as {
    port: number;
    passwords: { postgres: string };
  };
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: passwords.postgres,
    database: 'brownie',
  });
  await client.connect();
  return client;
}

/** The lines of a run that belong to a request. */
export const linesOfRequest = (output: string, requestId: string): Record<string, unknown>[] =>
  logLines(output).filter((line) => line['request_id'] === requestId);
