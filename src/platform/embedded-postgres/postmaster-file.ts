import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a server wrote to its `postmaster.pid`. */
interface PostmasterFile {
  readonly pid: number;
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; null where there is none. Its eighth line is the server's state (since PostgreSQL 10). */
export async function readPostmasterFile(dataDirectory: string): Promise<PostmasterFile | null> {
  const content = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => null);
  if (content === null) {
    return null;
  }
  const lines = content.split('\n');
  return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
}
