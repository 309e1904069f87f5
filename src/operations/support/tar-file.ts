import { gzipSync } from 'node:zlib';

export interface TarEntry {
  /** ASCII, less than 100 characters. */
  readonly name: string;
  readonly text: string;
}

const block = 512;
const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;

/** A gzipped tar file (POSIX ustar) that `tar -xzf` unpacks. Files are readable for their owner alone. */
export function tarFile(entries: readonly TarEntry[], at: Date): Buffer {
  const parts = entries.flatMap(({ name, text }) => {
    const content = Buffer.from(text);
    return [
      headerOf(name, content.length, at),
      content,
      Buffer.alloc((block - (content.length % block)) % block),
    ];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]));
}

function headerOf(name: string, size: number, at: Date): Buffer {
  const header = Buffer.alloc(block);
  header.write(name, 0, 100, 'ascii');
  header.write(octal(0o600, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(Math.floor(at.getTime() / 1_000), 12), 136);
  // @NOTE the sum is taken with blanks in its own place.
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
