import { parseEnv } from 'node:util';

/** Reads a text file (UTF-8); throws as `node:fs` does, with a `code`. */
export type ReadFile = (path: string) => string;

const words: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file'],
  ['EACCES', 'this user may not read the file'],
  ['EPERM', 'this user may not read the file'],
  ['EISDIR', 'that is a folder, not a file'],
]);

/** The `code` of a system error, such as `ENOENT`; `unknown error` for anything else. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}

/**
 * Why a file could not be read, in words.
 * @NOTE never the message of the error: it names the path, and a secret pasted into the wrong variable is one.
 */
export function fileFault(error: unknown): { readonly missing: boolean; readonly words: string } {
  const code = errorCode(error);
  return { missing: code === 'ENOENT', words: words.get(code) ?? `the file cannot be read (${code})` };
}

/** The text of `.env`, read: its variables, and a sentence for each thing that is wrong with the file. */
export interface Dotenv {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly faults: readonly string[];
}

/** Reads `.env` from the working directory. No such file is no fault. No fault quotes a value. */
export function readDotenv(readFile: ReadFile): Dotenv {
  let text: string;
  try {
    text = readFile('.env');
  } catch (error) {
    const fault = fileFault(error);
    if (fault.missing) {
      return { values: {}, faults: [] };
    }
    return { values: {}, faults: [`.env: ${fault.words}; correct that or remove the file`] };
  }
  const unmarked = text.replace(/^\uFEFF/, '');
  const values = parseEnv(unmarked);
  return { values, faults: [...droppedLines(unmarked, values), ...cutLines(unmarked)] };
}

/** @NOTE `parseEnv` drops a line that it cannot read (`METADATA_PORT: 8080`) without a word. */
function droppedLines(text: string, values: Dotenv['values']): string[] {
  return [...text.matchAll(/^[ \t]*(?:export[ \t]+)?(METADATA_\w+)/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => !Object.hasOwn(values, name))
    .map((name) => `.env: the line of ${name} cannot be read; write ${name}=value`);
}

/** @NOTE `parseEnv` cuts an unquoted value at its first #, be it in the middle of a password. */
function cutLines(text: string): string[] {
  const cut = /^[ \t]*(?:export[ \t]+)?(METADATA_\w+)[ \t]*=[ \t]*(?!["'`\s])[^#\n]*[^#\s]#/gm;
  return [...text.matchAll(cut)].map(
    (match) =>
      `.env: the value of ${match[1] ?? ''} has a # that would begin a comment; put quotes around the value`,
  );
}
