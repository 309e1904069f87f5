import { readFile, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { codeOf, EmbeddedPostgresError, useAnotherServer } from './embedded-postgres-error.ts';

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the library links that npm packages cannot carry and that PostgreSQL's programs need.
 * Writes nothing where all of them exist, so an installation may be read-only; several processes may do it at once.
 * @param packageRoot the folder of `@embedded-postgres/<platform>`
 */
export async function hydrateLibraryLinks(packageRoot: string): Promise<void> {
  for (const { source, target } of await listedLinks(packageRoot)) {
    const link = join(packageRoot, target);
    if (await exists(link)) {
      continue;
    }
    try {
      await symlink(relative(dirname(target), source), link);
    } catch (cause) {
      if (codeOf(cause) === 'EEXIST') {
        continue;
      }
      const words = `the library link ${link} is missing and cannot be made (${codeOf(cause) ?? cause}): start once as the owner of that installation, or ${useAnotherServer}`;
      throw new EmbeddedPostgresError(words, { cause });
    }
  }
}

async function listedLinks(packageRoot: string): Promise<readonly LibraryLink[]> {
  try {
    const list: unknown = JSON.parse(await readFile(join(packageRoot, 'native/pg-symlinks.json'), 'utf8'));
    return Array.isArray(list) ? list.filter(isLink) : [];
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

function isLink(item: unknown): item is LibraryLink {
  return (
    typeof item === 'object' &&
    item !== null &&
    'source' in item &&
    'target' in item &&
    typeof item.source === 'string' &&
    typeof item.target === 'string'
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
