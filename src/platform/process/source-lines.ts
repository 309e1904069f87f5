import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packageRoot, programRoot } from '../system/package-root.ts';

/**
 * Lets stacks of errors name lines of the source instead of those of dist/. The tables are read when the first stack is asked for:
 * what --enable-source-maps does costs 10 MB and a third of the start, and a quarter of a second for the first error.
 */
export function showSourceLines(): void {
  const tables = new Map<string, readonly string[]>();
  const tableOf = (file: string): readonly string[] => {
    const known = tables.get(file) ?? readTable(file);
    tables.set(file, known);
    return known;
  };
  Error.prepareStackTrace = (error, sites) =>
    [headOf(error), ...sites.map((site) => `\n    at ${inSource(site, tableOf)}`)].join('');
}

/** As Node.js begins a stack: with the code of an error of its own. */
function headOf(error: Error & { code?: unknown }): string {
  return typeof error.code === 'string' && error.code.startsWith('ERR_')
    ? `${error.name} [${error.code}]: ${error.message}`
    : Error.prototype.toString.call(error);
}

function inSource(site: NodeJS.CallSite, tableOf: (file: string) => readonly string[]): string {
  const [text, url, line, column] = [
    String(site),
    site.getFileName(),
    site.getLineNumber(),
    site.getColumnNumber(),
  ];
  if (url === null || url === undefined || !url.startsWith('file:') || line === null || column === null) {
    return text;
  }
  const file = fileURLToPath(url);
  const place = file.startsWith(programRoot) ? sourceLine(tableOf(file), line, column) : undefined;
  return place === undefined ? text : text.replace(`${url}:${line}:${column}`, () => place);
}

function readTable(file: string): readonly string[] {
  try {
    return readFileSync(`${file}.lines`, 'utf8').split('\n');
  } catch {
    // @NOTE the error that is to be printed matters more.
    return [];
  }
}

/**
 * Where a place in a built file was in the source, as `file:///…/src/x.ts:12`. Undefined where that is not known.
 * @param table as scripts/build/line-table.ts writes it
 * @param line counted from 1, as is the column
 */
export function sourceLine(table: readonly string[], line: number, column: number): string | undefined {
  const changes = (table[line] ?? '').split(' ').map((change) => change.split(':'));
  const [, source, lineInSource] =
    changes.findLast(([from = '']) => from !== '' && Number(from) < column) ?? [];
  if (source === undefined || source === '') {
    return undefined;
  }
  const sources = JSON.parse(table[0] ?? '[]') as readonly string[];
  return `${pathToFileURL(join(packageRoot, sources[Number(source)] ?? ''))}:${lineInSource}`;
}
