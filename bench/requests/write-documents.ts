import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { charts } from './charts.ts';
import { performanceDocument } from './performance-document.ts';
import type { Report } from './report.ts';

const folder = 'performance';
const resultsFile = join(folder, 'results.json');

/** The files of the document about performance, by their path in `docs`: all made from the results. */
export const documentsOf = (report: Report): ReadonlyMap<string, string> =>
  new Map([
    ['performance.md', performanceDocument(report)],
    ...[...charts(report)].map(([name, svg]): [string, string] => [join(folder, `${name}.svg`), svg]),
  ]);

export async function writeResults(report: Report, file: string): Promise<void> {
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** Writes the results, and the document that shows them. */
export async function writeDocuments(report: Report, docs: string): Promise<void> {
  await mkdir(join(docs, folder), { recursive: true });
  await writeResults(report, join(docs, resultsFile));
  for (const [file, text] of documentsOf(report)) {
    await writeFile(join(docs, file), text);
  }
}

/** The results that `docs` shows. */
export const readResults = async (docs: string): Promise<Report> =>
  JSON.parse(await readFile(join(docs, resultsFile), 'utf8')) as Report;

/** `npm run bench documents`: makes the document again from its results, where there are any. */
export async function writeDocumentsAgain(): Promise<void> {
  const docs = join(import.meta.dirname, '../../docs');
  if (existsSync(join(docs, resultsFile))) {
    await writeDocuments(await readResults(docs), docs);
  }
}
