import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces a file, mode 0600, by a whole new one: a reader, or a power cut, sees the old or the new content. */
export async function writeFileDurably(path: string, content: string): Promise<void> {
  const draft = `${path}.tmp`;
  {
    await using file = await open(draft, 'w', 0o600);
    await file.writeFile(content);
    await file.sync();
  }
  await rename(draft, path);
  await syncPath(dirname(path));
}

/** Makes what a file holds, or the names in a folder, survive a power cut. */
export async function syncPath(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}
