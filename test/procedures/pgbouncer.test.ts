import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectDatabase } from '../../src/platform/database/preflight.ts';
import { type Program, startProgram } from '../../src/platform/programs/program.ts';
import { systemUser } from '../../src/platform/programs/system-user.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import { type OwnDatabase, ownDatabase } from '../acceptance/own-database.ts';
import { brownie, temporaryFolder } from '../acceptance/service-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: OwnDatabase;
let server: URL;

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await ownDatabase({ isMigrated: true });
  server = new URL(database.variables['METADATA_POSTGRES_DSN'] ?? '');
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const ignored = 'extra_float_digits, statement_timeout, lock_timeout, idle_in_transaction_session_timeout';

/** Debian's PgBouncer before the database; answers the DSN that leads through it. */
async function startPgBouncer(
  mode: 'session' | 'transaction',
  ignoredParameters: string,
): Promise<AsyncDisposable & { readonly dsn: string }> {
  const port = await freePort();
  const name = server.pathname.slice(1);
  const [settings, users] = [join(folder.path, `${port}.ini`), join(folder.path, `${port}.users`)];
  await writeFile(users, `"${server.username}" "${decodeURIComponent(server.password)}"\n`);
  await writeFile(
    settings,
    `[databases]
${name} = host=127.0.0.1 port=${server.port} dbname=${name}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = ${mode}
ignore_startup_parameters = ${ignoredParameters}
`,
  );
  const dsn = Object.assign(new URL(server), { port: String(port) }).href;
  // It refuses root, and reads its files as who it becomes.
  const user = await systemUser();
  if (user !== undefined) {
    await Promise.all([folder.path, settings, users].map((file) => chown(file, user.uid, user.gid)));
  }
  const program: Program = await startProgram({
    command: 'pgbouncer',
    args: [...(user === undefined ? [] : ['-u', 'postgres']), settings],
    directory: folder.path,
    isReady: () => answers(dsn),
  });
  return { dsn, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

async function answers(dsn: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: dsn });
  client.on('error', () => undefined);
  return await client
    .connect()
    .then(() => client.end())
    .then(
      () => true,
      () => false,
    );
}

test('brownie serve says of a PgBouncer that mixes up named statements which one is needed', async () => {
  await using pgbouncer = await startPgBouncer('transaction', `${ignored}, options`);
  const { code, stdout, stderr } = await brownie(['serve'], {
    ...database.variables,
    METADATA_POSTGRES_DSN: pgbouncer.dsn,
  });
  expect(code).toBe(1);
  expect(stdout + stderr).toMatch(/named prepared statements.*use PgBouncer 1\.21 or newer/);
});

test('so it does of one that refuses what the service asks for as it connects', async () => {
  await using pgbouncer = await startPgBouncer('transaction', ignored);
  const { faults } = await inspectDatabase(pgbouncer.dsn, true);
  expect(faults).toEqual([
    expect.stringMatching(/refuses the startup parameter options: use PgBouncer 1\.21 or newer/),
  ]);
});

test('one in session mode keeps clients apart', async () => {
  await using pgbouncer = await startPgBouncer('session', `${ignored}, options`);
  expect(await inspectDatabase(pgbouncer.dsn, true)).toEqual({ faults: [], warnings: [], role: undefined });
});

test('PostgreSQL itself is no pooler', async () => {
  expect((await inspectDatabase(server.href, true)).faults).toEqual([]);
});
