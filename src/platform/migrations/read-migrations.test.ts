import { describe, expect, test } from 'vitest';
import { MigrationFilesError } from './migration-error.ts';
import { readMigrations } from './read-migrations.ts';
import { directoryOf } from './test-support/fixtures.ts';

async function faultsOf(files: Record<string, string | Uint8Array>): Promise<readonly string[]> {
  await using directory = await directoryOf(files);
  const error = await readMigrations(directory.path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MigrationFilesError) {
    return error.faults;
  }
  throw new Error('readMigrations refused nothing', { cause: error });
}

async function read(content: string) {
  await using directory = await directoryOf({ '0001-only.sql': content });
  const [migration] = await readMigrations(directory.path);
  return migration;
}

describe('the directory', () => {
  test('is read in order, notes beside the files are skipped', async () => {
    const files: Record<string, string> = { 'README.md': 'about', '.gitkeep': '' };
    for (const number of ['0010', '0002', '0009', '0001', '0003', '0004', '0005', '0006', '0007', '0008']) {
      files[`${number}-step-${Number(number)}.sql`] = `select ${Number(number)};`;
    }
    await using directory = await directoryOf(files);
    const migrations = await readMigrations(directory.path);
    expect(migrations.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(migrations[9]).toMatchObject({
      name: 'step-10',
      file: '0010-step-10.sql',
      sizeBytes: 10,
      transactional: true,
    });
  });

  test.each([
    '1-a.sql',
    '0001_a.sql',
    '0001-A.sql',
    '0001-a.SQL',
    '0001-a--b.sql',
    'a.sql',
    '0001-a.sql.orig',
  ])('refuses the name %s', async (name) => {
    expect((await faultsOf({ [name]: 'select 1' })).join()).toContain(`${name}: a migration is named NNNN-`);
  });

  test('refuses gaps, duplicates and a first number that is not 1, all at once', async () => {
    const files = { '0002-b.sql': 'select 1', '0002-c.sql': 'select 1', '0005-e.sql': 'select 1' };
    expect(await faultsOf(files)).toEqual([
      '0002-b.sql: 0001 is missing before it',
      '0002-c.sql: number 0002 is taken already',
      '0005-e.sql: 0003 is missing before it',
    ]);
  });

  test('refuses to be empty: any schema would look up to date', async () => {
    expect((await faultsOf({ 'README.md': '' })).join()).toContain('holds no migration');
  });

  test('refuses bytes that are not UTF-8', async () => {
    expect(await faultsOf({ '0001-a.sql': new Uint8Array([0x73, 0xff]) })).toEqual([
      '0001-a.sql: is not UTF-8',
    ]);
  });
});

describe('the checksum', () => {
  test('ignores line endings and a byte order mark, and nothing else', async () => {
    const unix = await read('select 1;\nselect 2;\n');
    expect((await read('\uFEFFselect 1;\r\nselect 2;\r\n'))?.checksum).toBe(unix?.checksum);
    expect((await read('select 1;\nselect 2;'))?.checksum).not.toBe(unix?.checksum);
    expect(unix?.checksum).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the header', () => {
  test('has bounds by default', async () => {
    expect(await read('select 1')).toMatchObject({
      lockTimeout: '500ms',
      statementTimeout: '60s',
      summary: null,
    });
  });

  test('gives bounds and a summary', async () => {
    const sql =
      '-- brownie: statement_timeout=10min, lock_timeout=500ms\n\n--   Adds it.\n-- More.\nselect 1;';
    expect(await read(sql)).toMatchObject({
      lockTimeout: '500ms',
      statementTimeout: '10min',
      summary: 'Adds it.',
    });
  });

  test('takes a statement out of the transaction', async () => {
    const sql =
      '/*\n * Finds it.\n */\n-- brownie: no-transaction\ncreate index concurrently if not exists i on t (a);';
    expect(await read(sql)).toMatchObject({
      transactional: false,
      lockTimeout: '0',
      statementTimeout: '30min',
      summary: 'Finds it.',
    });
  });

  test.each([
    ['-- brownie: statment_timeout=1s\nselect 1', '0001-a.sql:1: "statment_timeout" is not a directive'],
    [
      '--\n-- brownie: statement_timeout=10\nselect 1',
      '0001-a.sql:2: statement_timeout=10 is not like 500ms',
    ],
    ['-- brownie: lock_timeout=0\nselect 1', '0001-a.sql:1: lock_timeout=0 would stop the traffic'],
    ['-- brownie: no-transaction=on\nselect 1', '0001-a.sql:1: no-transaction takes no value'],
    ['-- brownie: no-transaction, lock_timeout=1s\nselect 1', 'lock_timeout does not go with no-transaction'],
    [
      'select 1;\n-- brownie: no-transaction\n',
      '0001-a.sql:2: a directive stands before the first statement',
    ],
  ])('refuses %j', async (sql, fault) => {
    expect((await faultsOf({ '0001-a.sql': sql })).join()).toContain(fault);
  });
});

describe('the statements', () => {
  test.each([
    ['-- nothing\n', '0001-a.sql:1: there is no statement'],
    ['select 1;\nCommit;', '0001-a.sql:2: COMMIT is not allowed'],
    ['begin; select 1; end', '0001-a.sql:1: END is not allowed'],
    [`prepare transaction 'x'`, '0001-a.sql:1: PREPARE is not allowed'],
    ['-- brownie: no-transaction\nvacuum a;\nvacuum b;', '0001-a.sql:3: no-transaction allows one statement'],
    ['-- brownie: no-transaction\ncreate index concurrently i on t (a)', '0001-a.sql:2: write CREATE INDEX'],
    [
      '-- brownie: no-transaction\ncreate unique index concurrently on t (a)',
      '0001-a.sql:2: write CREATE INDEX',
    ],
    ['-- brownie: no-transaction\ndrop index concurrently i', '0001-a.sql:2: write DROP INDEX'],
    ['set local row_security = on', '0001-a.sql:1: row_security stays off'],
    [
      'alter table a no force row level security;\nalter table only public.b NO FORCE row level security;\nalter table a force row level security',
      '0001-a.sql:2: b is left without FORCE ROW LEVEL SECURITY',
    ],
    [
      '-- brownie: no-transaction\nalter table a no force row level security',
      '0001-a.sql:2: a is left without FORCE',
    ],
  ])('are refused in %j', async (sql, fault) => {
    expect((await faultsOf({ '0001-a.sql': sql })).join()).toContain(fault);
  });

  test('may let the owner of a table see all its rows until they end', async () => {
    const sql = `alter table if exists public.t enable row level security, no force row level security; update t set a = 1;
                 alter table t add b text, force row level security`;
    expect((await read(sql))?.statements).toHaveLength(3);
  });

  test.each([
    'vacuum a',
    'drop index concurrently if exists i',
    'create unique index concurrently if not exists i on only s.t (a)',
  ])('may be %j outside a transaction', async (sql) => {
    expect((await read(`-- brownie: no-transaction\n${sql}`))?.statements).toHaveLength(1);
  });
});
