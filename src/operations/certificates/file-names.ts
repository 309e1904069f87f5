import { readFile } from 'node:fs/promises';
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
