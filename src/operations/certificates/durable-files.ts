import { open, readlink, rename, rm, symlink } from 'node:fs/promises';

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

/** Makes what was written into a folder, or renamed in it, survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
