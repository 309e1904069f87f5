import { parseEnv } from 'node:util';
import { fileFault, type ReadFile } from './files.ts';

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
