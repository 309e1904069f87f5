import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncPath } from '../../../platform/system/write-file-durably.ts';

/** In the form of sha256sum: `sha256sum -c SHA256SUMS` checks it, too. */
const checksumFile = 'SHA256SUMS';

/** The SHA-256 of a file, in hex. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/** Writes the checksums of every file of a folder into it, and makes all of it survive a power cut. */
export async function sealFolder(folder: string): Promise<void> {
  const names = (await readdir(folder)).toSorted();
  const lines: string[] = [];
  for (const name of names) {
    lines.push(`${await fileHash(join(folder, name))}  ${name}\n`);
    await syncPath(join(folder, name));
  }
  {
    await using file = await open(join(folder, checksumFile), 'wx', 0o600);
    await file.writeFile(lines.join(''));
    await file.sync();
  }
  await syncPath(folder);
}

/** In words, which files of a sealed folder are not what they were; empty where all are. */
export async function checksumFaults(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, checksumFile), 'utf8').catch(() => '');
  const sums = text.split('\n').filter((line) => line !== '');
  if (sums.length === 0) {
    return [`${checksumFile} is missing or empty`];
  }
  const faults: string[] = [];
  const summed = new Set([checksumFile]);
  for (const line of sums) {
    const [, expected, name] = /^([0-9a-f]{64}) {2}([\w.-]+)$/.exec(line) ?? [];
    if (expected === undefined || name === undefined) {
      faults.push(`${checksumFile} is damaged`);
      continue;
    }
    summed.add(name);
    const found = await fileHash(join(folder, name)).catch(() => undefined);
    if (found !== expected) {
      faults.push(`${name} ${found === undefined ? 'cannot be read' : 'was changed since it was written'}`);
    }
  }
  // @NOTE a list that was cut at the end of a line is one without the files behind it.
  const further = (await readdir(folder)).filter((name) => !summed.has(name)).toSorted();
  return [...faults, ...further.map((name) => `${name} is not among those of ${checksumFile}`)];
}
