import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

/** Programs that run may load more of their files: an older build stays until this many are newer. */
const buildsKept = 5;
const abandonedAfterMs = 3_600_000;

export interface BuildOptions {
  /** Folder of package.json. */
  readonly root: string;
  /** Of its folder in dist/. */
  readonly name: string;
  /** Whether the source is still what the name says. */
  readonly isCurrent: () => Promise<boolean>;
}

/**
 * Builds the program into dist/<name>/, which is there afterwards whole or not at all, whoever else builds it at the same time. It
 * is not where the source changed meanwhile.
 */
export async function makeBuild({ root, name, isCurrent }: BuildOptions): Promise<void> {
  const dist = join(root, 'dist');
  await mkdir(dist, { recursive: true });
  const beside = await mkdtemp(join(dist, 'unfinished-'));
  try {
    await bundle(root, beside);
    // @NOTE whoever installs it is seldom who runs it.
    await chmod(beside, 0o755);
    if (await isCurrent()) {
      await rename(beside, join(dist, name)).catch(unlessThere);
    }
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  await removeOld(dist, name);
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') {
    throw error;
  }
}

async function removeOld(dist: string, name: string): Promise<void> {
  const entries = await readdir(dist, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== name);
  const aged = await Promise.all(
    folders.map(async (folder) => ({
      path: join(dist, folder.name),
      isFinished: !folder.name.startsWith('unfinished-'),
      modifiedAt: (await stat(join(dist, folder.name)).catch(() => ({ mtimeMs: 0 }))).mtimeMs,
    })),
  );
  const newestFirst = aged.toSorted((a, b) => b.modifiedAt - a.modifiedAt);
  const old = newestFirst.filter(({ isFinished }) => isFinished).slice(buildsKept - 1);
  const abandoned = aged.filter(
    ({ isFinished, modifiedAt }) => !isFinished && Date.now() - modifiedAt > abandonedAfterMs,
  );
  await Promise.all([...old, ...abandoned].map(({ path }) => rm(path, { recursive: true, force: true })));
}
