import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spawnService } from './spawned-service.fixture.ts';
import { startEmbeddedPostgres } from './start-embedded-postgres.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';

const isRoot = process.getuid?.() === 0;
if (!isRoot) {
  process.stderr.write('a full disk and a missing user namespace are not tested: that takes root\n');
}

/** Runs the service with a file system of its own mounted on the folder, out of everybody else's sight. */
function onMount(directory: string, options: string, first = ':') {
  const mount = `mount -t tmpfs -o ${options} tmpfs "$1" && cd "$1" && shift && { ${first}; } && exec "$@"`;
  return spawnService('start', directory, ['unshare', '--mount', 'sh', '-c', mount, 'sh', directory]);
}

const failed = (message: unknown) => ({ step: 'failed', name: 'EmbeddedPostgresError', message });

test.concurrent('data of another major version', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'postgres'));
  await writeFile(join(folder.path, 'postgres/PG_VERSION'), '15\n');
  await expect(startEmbeddedPostgres({ directory: folder.path })).rejects.toThrow(
    /postgres holds data of PostgreSQL 15 and this is \d+: dump it with the old version/,
  );
});

test.concurrent('something that is no PostgreSQL data', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'postgres'));
  await writeFile(join(folder.path, 'postgres/diary.txt'), 'dear');
  await expect(startEmbeddedPostgres({ directory: folder.path })).rejects.toThrow(
    `${folder.path}/postgres holds something else than PostgreSQL data: move it away, or choose another folder`,
  );
});

test.concurrent('a file in the place of the folder, or of the data', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'postgres');
  await writeFile(file, '');
  await expect(startEmbeddedPostgres({ directory: file })).rejects.toThrow(`${file} is not a folder`);
  await expect(startEmbeddedPostgres({ directory: folder.path })).rejects.toThrow('is not a folder');
});

test.concurrent('a folder that cannot be written', async () => {
  await using folder = await temporaryFolder();
  if (isRoot) {
    await using service = onMount(folder.path, 'ro');
    expect(await service.next()).toEqual(
      failed(
        expect.stringMatching(
          `^${folder.path} is on a read-only file system: choose a folder .* METADATA_POSTGRES_DSN`,
        ),
      ),
    );
    return;
  }
  await chmod(folder.path, 0o500);
  await expect(startEmbeddedPostgres({ directory: folder.path })).rejects.toThrow(
    `may not use ${folder.path}`,
  );
  await chmod(folder.path, 0o700);
});

test.skipIf(!isRoot).concurrent.for([
  ['too small for anything', '64k', ':'],
  ['too small for a new database', '24m', ':'],
  [
    'filled up later',
    '64m',
    '"$@" </dev/null >/dev/null; dd if=/dev/zero of=ballast bs=4k 2>/dev/null; true',
  ],
] as const)('a disk that is %s', async ([, size, first]) => {
  await using folder = await temporaryFolder();
  await using service = onMount(folder.path, `size=${size}`, first);
  expect(await service.next()).toEqual(
    failed(`the disk that holds ${folder.path} is full: free some space there, then start again`),
  );
  expect(await service.next()).toEqual({ step: 'ended' });
});

test.skipIf(!isRoot).concurrent('root without user namespaces', async () => {
  await using folder = await temporaryFolder();
  const forbid = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"';
  await using service = spawnService('start', folder.path, [
    'unshare',
    '--user',
    '--map-root-user',
    'sh',
    '-c',
    forbid,
    'sh',
  ]);
  expect(await service.next()).toEqual(
    failed(
      expect.stringMatching(
        /^PostgreSQL does not run as uid 0, .*: start as a normal user, or set METADATA_POSTGRES_DSN/,
      ),
    ),
  );
});
