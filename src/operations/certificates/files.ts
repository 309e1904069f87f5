import { open, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of a folder of certificates. `ca.crt` holds more than one authority while one follows the other. */
export const fileNames = [
  'ca.crt',
  'ca.key',
  'client.crt',
  'client.key',
  'server.crt',
  'server.key',
] as const;

/** What each of them holds; those that are not there are left out. */
export type Contents = Readonly<Partial<Record<(typeof fileNames)[number], string>>>;

/** Reads the files of a folder. */
export async function readContents(folder: string): Promise<Contents> {
  const entries = await Promise.all(
    fileNames.map(async (name) => [name, await readFile(join(folder, name), 'utf8').catch(missing)] as const),
  );
  return Object.fromEntries(entries.filter(([, text]) => text !== undefined));
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') {
    throw error;
  }
}

/** Whose a file is. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Writes a new file that survives a power cut: the mode first, the content after. */
export async function writeNewFile(
  path: string,
  content: string,
  { mode, owner }: { readonly mode: number; readonly owner: Owner | undefined },
): Promise<void> {
  await using file = await open(path, 'wx', mode);
  await file.chmod(mode);
  if (owner !== undefined) {
    await file.chown(owner.uid, owner.gid);
  }
  await file.writeFile(content);
  await file.sync();
}

/** Puts a symbolic link in the place of whatever is there, in one step. */
export async function replaceLink(path: string, target: string): Promise<void> {
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  await symlink(target, draft);
  await rename(draft, path);
}

/** Where a symbolic link leads; undefined where there is none. */
export const linkTarget = async (path: string): Promise<string | undefined> =>
  await readlink(path).catch(() => undefined);
