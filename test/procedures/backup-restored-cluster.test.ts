import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { stopRestored } from '../../src/operations/pitr/index.ts';
import { startOwnPostgres } from '../../src/platform/programs/own-postgres.ts';
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
    expect(stdout).toMatch(/ok +pg_amcheck .*\n(.*\n)* +ok +service +starts on it/);
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

test('in the place of the lost one it archives again, after what the procedure says', async () => {
  const procedure = await readFile('docs/procedures/backup-and-recovery.md', 'utf8');
  const statements = [...procedure.matchAll(/'(alter system [^']+)'/g)].map(
    ([, statement = '']) => statement,
  );
  expect(statements.length).toBeGreaterThan(0);
  const { directory: folder, dataDirectory, port, user } = archived().database;
  const into = join(folder, 'restored');
  const { code } = await restore(into, {}, '--start', '--no-verify', '--port', String(await freePort()));
  expect(code).toBe(0);
  await stopRestored(into);
  await archived().server.stop();
  await rename(dataDirectory, `${dataDirectory}.lost`);
  await rename(into, dataDirectory);

  const options = { dataDirectory, directory: folder, port, user };
  await using first = await startOwnPostgres(options);
  await first.ready(30_000);
  await query(...statements);
  await first.stop();
  await using second = await startOwnPostgres(options);
  await second.ready(30_000);
  expect(await archived().brownie(['backup', 'pitr', 'full'])).toMatch(/: full, of a cluster/);
  expect(await archived().brownie(['backup', 'pitr', 'check'])).toMatch(/was found there/);
});
