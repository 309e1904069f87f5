import { open, rename, stat } from 'node:fs/promises';
import { codeOf } from './embedded-postgres-error.ts';

const sizeMaxBytes = 10 * 1024 * 1024;
const tailBytes = 4096;

/** Bytes in the log; 0 where there is none. */
export async function logSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return 0;
    }
    throw error;
  }
}

/** Moves a log of more than 10 MB aside to `<path>.1`, over the one before it. */
export async function rotateLog(path: string): Promise<void> {
  if ((await logSize(path)) > sizeMaxBytes) {
    await rename(path, `${path}.1`);
  }
}

/** The last lines written after an offset, oldest first, without time stamp, application and process. */
export async function lastLines(path: string, fromBytes: number, count = 5): Promise<string[]> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const start = Math.max(fromBytes, size - tailBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(tailBytes), 0, tailBytes, start);
  const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
  return lines
    .map((line) => line.replace(/^[\d-]+ [\d:.]+ [A-Z]+ .*?\[\d+\]\s*/, '').trim())
    .filter((line) => line !== '')
    .slice(-count);
}
