import type { ReadFile } from './files.ts';

/** Files of a test, by path: their text, or the error that reading them throws. Any other is missing. */
export function files(contents: Readonly<Record<string, string | Error>>): ReadFile {
  return (path) => {
    const content = contents[path] ?? Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
    if (content instanceof Error) {
      throw content;
    }
    return content;
  };
}
