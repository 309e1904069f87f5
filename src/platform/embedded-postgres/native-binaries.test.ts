import { lstat, mkdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hydrateLibraryLinks } from './library-links.ts';
import { locateBinaries } from './native-binaries.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';

test.for([
  ['win32', 'x64'],
  ['linux', 'ia32'],
  ['freebsd', 'x64'],
] as const)('%s on %s has no server of its own and says what to do', async ([platform, arch]) => {
  await expect(locateBinaries(platform, arch)).rejects.toMatchObject({
    name: 'EmbeddedPostgresError',
    message: `there is no embedded PostgreSQL for ${platform} ${arch}: set METADATA_POSTGRES_DSN to a PostgreSQL 15 or newer`,
  });
});

test('a package that was left out is named', async () => {
  const elsewhere = process.platform === 'darwin' ? 'linux' : 'darwin';
  await expect(locateBinaries(elsewhere, 'arm64')).rejects.toThrow(
    'set METADATA_POSTGRES_DSN to a PostgreSQL 15 or newer',
  );
});

test('missing library links are made by several at once, existing ones are left alone', async () => {
  await using folder = await temporaryFolder();
  const library = join(folder.path, 'native/lib');
  await mkdir(library, { recursive: true });
  await writeFile(join(library, 'libpq.so.5.18'), '');
  await symlink('libpq.so.5.18', join(library, 'libpq.so.5'));
  const before = await lstat(join(library, 'libpq.so.5'));
  const listed = ['libpq.so', 'libpq.so.5'].map((name) => ({
    source: 'native/lib/libpq.so.5.18',
    target: `native/lib/${name}`,
  }));
  await writeFile(join(folder.path, 'native/pg-symlinks.json'), JSON.stringify(listed));
  await Promise.all(Array.from({ length: 8 }, () => hydrateLibraryLinks(folder.path)));
  expect(await readlink(join(library, 'libpq.so'))).toBe('libpq.so.5.18');
  expect((await lstat(join(library, 'libpq.so.5'))).ino).toBe(before.ino);
});

test('links that cannot be made are explained, and none are needed without a list', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'native'));
  await hydrateLibraryLinks(folder.path);
  const listed = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' }];
  await writeFile(join(folder.path, 'native/pg-symlinks.json'), JSON.stringify(listed));
  await expect(hydrateLibraryLinks(folder.path)).rejects.toThrow(
    /^the library link .*libpq.so is missing and cannot be made \(ENOENT\): start once as the owner/,
  );
});
