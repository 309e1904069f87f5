import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from '../../src/platform/programs/run-to-end.ts';

const root = join(import.meta.dirname, '../..');

/**
 * The repository as it was at a revision, ready to be run, in a folder that is gone in the end. Its packages are those of this checkout
 * where they are the same, else installed. Throws an Error where the revision is not there.
 */
export async function checkOut(
  revision: string,
  directory: string,
  resources: AsyncDisposableStack,
): Promise<string> {
  const checkout = join(directory, 'earlier');
  await git('worktree', 'add', '--quiet', '--detach', checkout, revision);
  resources.defer(() => git('worktree', 'remove', '--force', checkout));
  const lock = (folder: string): Promise<string> => readFile(join(folder, 'package-lock.json'), 'utf8');
  if ((await lock(checkout)) === (await lock(root))) {
    await symlink(join(root, 'node_modules'), join(checkout, 'node_modules'));
  } else {
    await npm(
      checkout,
      'ci',
      '--no-audit',
      '--no-fund',
      ...((await isBuilt(checkout)) ? [] : ['--omit=dev']),
    );
  }
  if (await isBuilt(checkout)) {
    await npm(checkout, 'run', 'build');
  }
  return checkout;
}

async function isBuilt(checkout: string): Promise<boolean> {
  const { scripts } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return 'build' in scripts;
}

const git = (...args: readonly string[]): Promise<void> => succeed('git', root, args);

const npm = (directory: string, ...args: readonly string[]): Promise<void> => succeed('npm', directory, args);

async function succeed(name: string, directory: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runToEnd(name, args, { directory });
  if (code !== 0) {
    throw new Error(`${name} ${args.join(' ')} ended with ${code}:\n${stderr}`);
  }
}
