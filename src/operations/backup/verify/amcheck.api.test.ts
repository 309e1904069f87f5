import pg from 'pg';
import { expect, test } from 'vitest';
import { createOwnDatabase } from '../../../../test/harness/own-database.ts';
import { amcheck } from './amcheck.ts';

test('an index that lacks rows of its table is told, and looking leaves no trace', async () => {
  await using database = await createOwnDatabase();
  const client = new pg.Client({ connectionString: database.superuser });
  await client.connect();
  try {
    expect(await amcheck(client)).toMatchObject({ isOk: true, detail: 'every table and index is sound' });
    // What the function says changes beneath the index, as the order of texts does where a library is another one.
    const order = (sign: string) =>
      client.query(
        `create or replace function sorted(int) returns int immutable language sql as 'select ${sign}$1'`,
      );
    await order('');
    await client.query('create table pages as select n from generate_series(1, 9) n');
    await client.query('create index pages_sorted on pages (sorted(n))');
    await order('-');
    await expect(amcheck(client)).rejects.toThrow(/pages_sorted|heap tuple/);
    const { rows } = await client.query(`select from pg_extension where extname = 'amcheck'`);
    expect(rows).toEqual([]);
  } finally {
    await client.end();
  }
});
