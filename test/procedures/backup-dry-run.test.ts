import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { archivedServer } from './archived-server.ts';
import { slowProgram } from './slow-program.ts';

const { archived, brownie, filesIn, inFolder, query } = archivedServer();

/** Runs a command with `--dry-run`; answers its exit code and what it says, as JSON or, where it is refused, in words. */
async function dryRun(...args: string[]): Promise<{ code: number | null; says: unknown }> {
  const { code, stdout, stderr } = await brownie([...args, '--dry-run', '--json']);
  return { code, says: code === 0 ? JSON.parse(stdout) : stderr };
}

test('what a backup and a restore would do is told, and not done', async () => {
  expect(await dryRun('backup', 'create')).toEqual({
    code: 0,
    says: {
      directory: inFolder('backups'),
      bytes: expect.any(Number),
      is_encrypted: false,
      is_dry_run: true,
    },
  });
  expect(await filesIn('backups')).toEqual([]);

  expect((await brownie(['backup', 'create'])).code).toBe(0);
  const would = await dryRun('backup', 'restore', '--into', 'brownie_restored');
  expect(would).toMatchObject({ code: 0, says: { database: 'brownie_restored', is_new: true } });
  expect(await query(`select from pg_database where datname = 'brownie_restored'`)).toEqual([]);
  const live = await dryRun('backup', 'restore', '--into', 'brownie');
  expect(live).toEqual({ code: 4, says: expect.stringContaining('not empty') });
});

test('a backup that begins meanwhile is made', async () => {
  const pgDump = await slowProgram(inFolder('slow-look'), 'pg_dump');
  const look = brownie(['backup', 'create', '--dry-run'], { PATH: pgDump.PATH });
  await pgDump.isRun();
  expect(await brownie(['backup', 'create'])).toMatchObject({ code: 0, stderr: '' });
  await pgDump.letGo();
  expect(await look).toMatchObject({ code: 0, stderr: '' });
});

test('while a backup is being made, that another one would be refused is told', async () => {
  const pgDump = await slowProgram(inFolder('slow-backup'), 'pg_dump');
  const backup = brownie(['backup', 'create'], { PATH: pgDump.PATH });
  await pgDump.isRun();
  expect(await dryRun('backup', 'create')).toEqual({
    code: 4,
    says: expect.stringContaining('is being made'),
  });
  await pgDump.letGo();
  expect(await backup).toMatchObject({ code: 0, stderr: '' });
});

test('what a recovery from the archive would go on from is told, and nothing is restored', async () => {
  const restore = (...target: string[]) =>
    dryRun('restore', ...target, '--into', inFolder('restored'), '--config', archived().configFile);
  expect(await restore('latest')).toEqual({ code: 4, says: expect.stringContaining('backup pitr full') });

  const { label } = JSON.parse(await archived().brownie(['backup', 'pitr', 'full', '--json'])) as {
    label: string;
  };
  expect(await restore('latest')).toMatchObject({ code: 0, says: { base_backup: label, is_dry_run: true } });
  const tooEarly = await restore('time', '2025-10-24T04:00:00Z');
  expect(tooEarly).toEqual({ code: 4, says: expect.stringContaining('No base backup is as old') });
  expect(await filesIn('restored')).toEqual([]);
});

test('what archiving would need is shown without its key, and neither written nor set', async () => {
  const setup = (configFile: string, ...more: string[]) =>
    brownie(['backup', 'pitr', 'setup', '--config', configFile, '--dry-run', ...more]);
  const before = await query('select name, setting from pg_file_settings order by seqno');
  const repository = inFolder('elsewhere');
  const { code, stdout } = await setup(inFolder('new.conf'), '--apply', '--repository', repository);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`repo1-path=${repository}`)]);
  expect(stdout).toMatch(/repo1-cipher-pass=\*+\n(.*\n)*.*archive_mode = /);
  expect(await filesIn()).not.toContain('new.conf');
  expect(await filesIn('elsewhere')).toEqual([]);
  expect(await query('select name, setting from pg_file_settings order by seqno')).toEqual(before);

  const [, key = ''] = /^repo1-cipher-pass=(.+)$/m.exec(await readFile(archived().configFile, 'utf8')) ?? [];
  const other = await setup(archived().configFile, '--repository', repository);
  expect([other.code, other.stderr]).toEqual([4, expect.stringContaining('says something else')]);
  expect(key).not.toBe('');
  expect(`${stdout}${other.stdout}${other.stderr}`).not.toContain(key);
});

test('the copies of a configuration are named, and not made', async () => {
  await writeFile(inFolder('docker-compose.yml'), 'services: {}\n');
  const { code, says } = await dryRun('backup', 'config', '--from', inFolder());
  expect({ code, says }).toEqual({
    code: 0,
    says: {
      copies: [expect.stringMatching(/docker-compose\.yml\.backup\.\d{8}$/)],
      is_dry_run: true,
    },
  });
  expect((await filesIn()).filter((name) => name.includes('.backup.'))).toEqual([]);
});
