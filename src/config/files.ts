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
