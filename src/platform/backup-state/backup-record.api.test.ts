import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { readBackupRecord, recordSuccess } from './backup-record.ts';

test('the login of the service keeps what succeeded, and reads the newest of each kind', async () => {
  const client = new pg.Client({ connectionString: inject('databases').service });
  await client.connect();
  try {
    // @NOTE never committed: the table is one for all tests.
    await client.query('begin');
    const [first, second] = ['2025-10-24T12:00:00.000Z', '2025-10-25T12:00:00.000Z'];
    const restoreDrill = { succeededAt: second, rtoSeconds: 9, rpoSeconds: 86_400 };
    await recordSuccess(client, { backups: { dump: second } });
    await recordSuccess(client, { backups: { dump: first } });
    await recordSuccess(client, { backups: { full: first } });
    await recordSuccess(client, { restoreDrill: { ...restoreDrill, succeededAt: first } });
    await recordSuccess(client, { restoreDrill });
    await recordSuccess(client, { archive: { wholeAt: first } });
    const { state, installedAt } = await readBackupRecord(client);
    expect(state).toEqual({
      backups: { dump: second, full: first },
      restoreDrill,
      archive: { wholeAt: first },
    });
    expect(installedAt.getTime()).toBeLessThanOrEqual(Date.now());
  } finally {
    await client.end();
  }
});
