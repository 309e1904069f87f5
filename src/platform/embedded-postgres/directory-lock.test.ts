import { mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockDirectory } from './directory-lock.ts';
import { spawnService } from './spawned-service.fixture.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';

test.concurrent('a second process is refused in one line that names the holder; a killed holder is one no more', async () => {
  await using folder = await temporaryFolder();
  const holder = spawnService('lock', folder.path);
  expect((await holder.next()).step).toBe('locked');
  await expect(lockDirectory(folder.path)).rejects.toMatchObject({
    name: 'EmbeddedPostgresError',
    message: `another process (pid ${holder.pid}) already works on ${folder.path}: stop it first, or choose another folder`,
  });
  await holder[Symbol.asyncDispose]();
  expect((await stat(join(folder.path, 'service.pid'))).size).toBeGreaterThan(0);
  await using lock = await lockDirectory(folder.path);
  expect(lock.directory).toBe(folder.path);
});

test.concurrent('one process does not get a folder twice, and gets it again after letting go', async () => {
  await using folder = await temporaryFolder();
  const directory = join(folder.path, 'made/on/the/way');
  {
    await using _lock = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toThrow(`pid ${process.pid}`);
    await using _other = await lockDirectory(directory, 'other');
  }
  await using _again = await lockDirectory(directory);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect((await stat(join(directory, 'service.lock'))).mode & 0o777).toBe(0o600);
});

test.concurrent('a number that belongs to somebody else by now does not count', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'service.pid'), `${process.ppid}\n`);
  await writeFile(join(folder.path, 'service.lock'), '');
  await using lock = await lockDirectory(folder.path);
  expect(lock.directory).toBe(folder.path);
});

test.concurrent('of several that race for a stale lock exactly one wins', async () => {
  await using folder = await temporaryFolder();
  await using dead = spawnService('lock', folder.path);
  await dead.next();
  dead.signal('SIGKILL');
  await using racers = new AsyncDisposableStack();
  const services = Array.from({ length: 3 }, () => racers.use(spawnService('lock', folder.path)));
  const said = await Promise.all(services.map((service) => service.next()));
  expect(said.map(({ step }) => step).sort()).toEqual(['failed', 'failed', 'locked']);
  const winner = services[said.findIndex(({ step }) => step === 'locked')];
  for (const { message } of said.filter(({ step }) => step === 'failed')) {
    expect(message).toContain(`(pid ${winner?.pid})`);
  }
});

test.concurrent('a folder reached through a link is the folder it leads to', async () => {
  await using folder = await temporaryFolder();
  const link = join(folder.path, 'link');
  await symlink('real', link);
  await mkdir(join(folder.path, 'real'));
  await using lock = await lockDirectory(link);
  expect(lock.directory).toBe(join(folder.path, 'real'));
  await expect(lockDirectory(lock.directory)).rejects.toThrow('another process');
});

test.concurrent('what is no folder is refused', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  const sentence = 'is not a folder: choose a folder for the data, or move that file away';
  await expect(lockDirectory(file)).rejects.toThrow(`${file} ${sentence}`);
  await expect(lockDirectory(join(file, 'below'))).rejects.toThrow(sentence);
  await mkdir(join(folder.path, 'service.lock'));
  await expect(lockDirectory(folder.path)).rejects.toThrow(
    /^locking .* failed: unable to open database file$/,
  );
});
