import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fencesOf } from '../harness/markdown.ts';

/** The one fenced block of a document in `docs/` that says something. */
export async function block(document: string, says: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../../docs', document), 'utf8');
  const found = fencesOf(text).filter((fence) => fence.text.includes(says));
  expect([document, says, found.length]).toEqual([document, says, 1]);
  return found[0]?.text ?? '';
}
