import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ArchivedPostgres,
  startArchivedPostgres,
} from '../../src/operations/drills/stage/archived-postgres.ts';
import { attemptBrownie } from '../../src/operations/drills/stage/attempt-brownie.ts';
import { stopRestored } from '../../src/operations/pitr/index.ts';
import { startOwnPostgres } from '../../src/operations/programs/own-postgres.ts';
import { freePort } from '../../src/platform/embedded-postgres/free-port.ts';

let directory: string;
let archived: ArchivedPostgres;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'brownie-restored-'));
  archived = await startArchivedPostgres(directory);
  const client = new pg.Client({ connectionString: archived.database.superuserDsn });
  await client.connect();
  // As docs/procedures/backup-and-recovery.md says.
  await client.query(
    `create role brownie_backup login bypassrls password 'canary-backup' in role pg_read_all_data`,
  );
  await client.query('grant connect on database brownie to brownie_backup');
  await client.end();
  await archived.brownie(['backup', 'pitr', 'full']);
});
afterAll(async () => {
  await archived[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const restore = (into: string, variables: Readonly<Record<string, string>>, ...more: string[]) =>
  attemptBrownie(['restore', 'latest', '--config', archived.configFile, '--into', into, ...more], {
    directory,
    variables: { ...archived.variables, ...variables },
  });

test('a restored cluster is verified whole, whatever the role of backups may, and whatever TLS its server had', async () => {
  const METADATA_BACKUP_DSN = archived.database.superuserDsn.replace(
    /\/\/[^@]+@(.*)$/,
    '//brownie_backup:canary-backup@$1?sslmode=verify-full',
  );
  const into = join(directory, 'restored');
  const port = String(await freePort());
  try {
    const { code, stdout, stderr } = await restore(
      into,
      { METADATA_BACKUP_DSN },
      ...['--start', '--port', port],
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/ok +pg_amcheck .*\n(.*\n)* +ok +service +starts on it/);
    expect(stdout).not.toMatch(/FAILED|LOOK|canary/);
    const state = JSON.parse(await readFile(join(directory, 'backups/state.json'), 'utf8')) as object;
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
  const into = join(directory, 'refused', name);
  const refused = await restore(into, variables, '--start');
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining(reason)]);
  await expect(readFile(into)).rejects.toThrow('ENOENT');
});

test('in the place of the lost one it archives again, after what the procedure says', async () => {
  const procedure = await readFile('docs/procedures/backup-and-recovery.md', 'utf8');
  const statements = [...procedure.matchAll(/'(alter system [^']+)'/g)].map(
    ([, statement = '']) => statement,
  );
  expect(statements.length).toBeGreaterThan(0);
  const { directory: folder, dataDirectory, port, user, superuserDsn } = archived.database;
  const into = join(folder, 'restored');
  const { code } = await restore(into, {}, '--start', '--no-verify', '--port', String(await freePort()));
  expect(code).toBe(0);
  await stopRestored(into);
  await archived.server.stop();
  await rename(dataDirectory, `${dataDirectory}.lost`);
  await rename(into, dataDirectory);

  const options = { dataDirectory, directory: folder, port, user };
  await using first = await startOwnPostgres(options);
  await first.ready(30_000);
  const client = new pg.Client({ connectionString: superuserDsn });
  await client.connect();
  for (const statement of statements) {
    await client.query(statement);
  }
  await client.end();
  await first.stop();
  await using second = await startOwnPostgres(options);
  await second.ready(30_000);
  expect(await archived.brownie(['backup', 'pitr', 'full'])).toMatch(/: full, of a cluster/);
  expect(await archived.brownie(['backup', 'pitr', 'check'])).toMatch(/was found there/);
});
