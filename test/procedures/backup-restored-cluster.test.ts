import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stopRestored } from '../../src/operations/pitr/index.ts';
import { atAddress } from '../../src/platform/database/dsn.ts';
import { type OwnPostgres, startOwnPostgres } from '../../src/platform/programs/own-postgres.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import { archivedServer } from './archived-server.ts';

const { archived, brownie, inFolder, query } = archivedServer();

beforeAll(async () => {
  // As docs/procedures/backup-and-recovery.md says.
  await query(
    `create role brownie_backup login bypassrls password 'canary-backup' in role pg_read_all_data`,
    'grant connect on database brownie to brownie_backup',
  );
  await archived().brownie(['backup', 'pitr', 'full']);
});

/** The server in the place of the lost one. */
let current: OwnPostgres | undefined;
afterAll(() => current?.stop());

const restore = (into: string, variables: Readonly<Record<string, string>>, ...more: string[]) =>
  brownie(['restore', 'latest', '--config', archived().configFile, '--into', into, ...more], variables);

test('a restored cluster is verified whole, whatever the role of backups may, and whatever TLS its server had', async () => {
  const METADATA_BACKUP_DSN = archived().database.superuserDsn.replace(
    /\/\/[^@]+@(.*)$/,
    '//brownie_backup:canary-backup@$1?sslmode=verify-full',
  );
  const into = inFolder('restored');
  const port = String(await freePort());
  try {
    const { code, stdout, stderr } = await restore(
      into,
      { METADATA_BACKUP_DSN },
      ...['--start', '--port', port],
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/ok +amcheck .*\n(.*\n)* +ok +service +starts on it/);
    expect(stdout).not.toMatch(/FAILED|LOOK|canary/);
    const state = JSON.parse(await readFile(inFolder('backups/state.json'), 'utf8')) as object;
    expect(state).toMatchObject({ restoreDrill: { rtoSeconds: expect.any(Number) } });
  } finally {
    await stopRestored(into);
  }
});

test.each([
  [
    'without a database to verify',
    'restored',
    { METADATA_BACKUP_DSN: '', METADATA_POSTGRES_DSN: '', METADATA_POSTGRES_MIGRATION_DSN: '' },
    'METADATA_BACKUP_DSN',
  ],
  ['into a folder with too long a name', 'x'.repeat(100), {}, 'choose a shorter --into'],
])('%s nothing is restored, and it says so at once', async (_, name, variables, reason) => {
  const into = inFolder('refused', name);
  const refused = await restore(into, variables, '--start');
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining(reason)]);
  await expect(readFile(into)).rejects.toThrow('ENOENT');
});

interface Found {
  readonly committed_at: string;
  readonly what: readonly string[];
  readonly before: { readonly lsn: string; readonly time: string };
}

test('when rows and a table went is found, and the cluster goes back to just before each', async () => {
  const since = new Date().toISOString();
  await query('create table notes (id int)', 'create table kept (id int)');
  await query('insert into notes select generate_series(1, 500)', 'insert into kept values (1)');
  await query(
    'delete from notes where id > 200',
    'update kept set id = 2',
    'truncate kept',
    'drop table notes',
  );
  await archived().brownie(['backup', 'pitr', 'check']);
  const find = async (...more: string[]): Promise<Found[]> =>
    JSON.parse(await archived().brownie(['restore', 'find', '--json', '--since', since, ...more])) as Found[];
  const found = await find();
  expect(found.map(({ what }) => what.join())).toEqual([
    expect.stringMatching(/^300 rows of a table that is gone .* deleted$/),
    'kept emptied, or written anew',
    expect.stringMatching(/^dropped/),
  ]);
  const [deleted, emptied, dropped] = found;
  expect(await find('--kind', 'truncate', '--table', 'kept')).toEqual([emptied]);
  expect(await find('--kind', 'drop', '--table', 'notes')).toEqual([dropped]);
  expect(await find('--since', new Date().toISOString()).catch((error: Error) => error.message)).toMatch(
    /Nothing was archived since/,
  );

  for (const [target, rows] of [
    [['lsn', deleted?.before.lsn ?? ''], 500],
    [['time', dropped?.before.time ?? ''], 200],
  ] as const) {
    const into = inFolder(`before-${rows}`);
    const port = await freePort();
    try {
      await archived().brownie([
        'restore',
        ...target,
        '--into',
        into,
        '--start',
        '--no-verify',
        '--port',
        String(port),
      ]);
      const client = new pg.Client({
        connectionString: atAddress(archived().database.superuserDsn, '127.0.0.1', port),
      });
      await client.connect();
      expect((await client.query('select count(*)::int as rows from notes')).rows).toEqual([{ rows }]);
      await client.end();
    } finally {
      await stopRestored(into);
    }
  }
});

/** The commands of the procedure that put a restored cluster into its place, for other folders and a server that no systemd runs. */
async function intoItsPlace(into: string, port: number, dataDirectory: string): Promise<string> {
  const procedure = await readFile('docs/procedures/backup-and-recovery.md', 'utf8');
  const [, commands = ''] = /```bash\n(runuser [^`]*?alter system[^`]*)```/.exec(procedure) ?? [];
  expect(commands.match(/^systemctl (?:re)?start /gm)).toHaveLength(1);
  const asRoot = 'systemctl() { echo "$1"; }';
  const asAnybody = `${asRoot}; runuser() { shift 3; "$@"; }; install() { mkdir -p "\${!#}"; }`;
  return [
    `set -eu; ${process.getuid?.() === 0 ? asRoot : asAnybody}`,
    commands
      .replaceAll('/var/lib/postgresql/restored', into)
      .replaceAll('/var/lib/postgresql/15/main', dataDirectory)
      .replaceAll('/var/lib/postgresql/15', dirname(dataDirectory))
      .replaceAll('5433', String(port)),
  ].join('\n');
}

// Where nothing of it is left: first-day.test.ts.
test('in the place of a lost one whose folder is still there it archives again from its first start on, by what the procedure says', async () => {
  const { directory, dataDirectory, port, user } = archived().database;
  const into = inFolder(`beside-${await freePort()}`);
  const trialPort = await freePort();
  const { code } = await restore(into, {}, '--start', '--no-verify', '--port', String(trialPort));
  expect(code).toBe(0);
  await archived().server.stop();
  await current?.stop();
  const { stdout } = await promisify(execFile)('bash', [
    '-c',
    await intoItsPlace(into, trialPort, dataDirectory),
  ]);
  expect(stdout).toMatch(/stop\nstart\n$/);

  current = await startOwnPostgres({ dataDirectory, directory, port, user });
  await current.ready(30_000);
  expect(await archived().brownie(['backup', 'pitr', 'full'])).toMatch(/: full, of a cluster/);
  expect(await archived().brownie(['backup', 'pitr', 'check'])).toMatch(/was found there/);
});
