import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { packageRoot } from '../../platform/system/package-root.ts';
import { writeFileDurably } from '../../platform/system/write-file-durably.ts';
import { type DrillPass, Pass } from './drill-pass.ts';
import { renderRecord } from './render-record.ts';

const recordFile = 'drills.json';

/** The folder of the record that came with this version. */
export const shippedRecord = join(packageRoot, 'docs/procedures');

/** The newest pass of each drill; none where there is no record, or a damaged one: nobody should rest on it. */
export async function readRecord(folder: string): Promise<readonly DrillPass[]> {
  try {
    const read: unknown = JSON.parse(await readFile(join(folder, recordFile), 'utf8'));
    return Value.Check(Type.Array(Pass), read) ? read : [];
  } catch {
    return [];
  }
}

/** The newest pass of each drill, by name. */
function newestPasses(...records: readonly (readonly DrillPass[])[]): readonly DrillPass[] {
  const newest = new Map<string, DrillPass>();
  for (const pass of records.flat()) {
    const known = newest.get(pass.drill);
    if (known === undefined || Date.parse(known.passedAt) < Date.parse(pass.passedAt)) {
      newest.set(pass.drill, pass);
    }
  }
  return [...newest.values()].toSorted((a, b) => a.drill.localeCompare(b.drill));
}

/** Keeps passes in a folder, for programs (`drills.json`) and for people (`drills.md`); what was there before stays. */
export async function keepPasses(folder: string, passes: readonly DrillPass[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const record = newestPasses(await readRecord(folder), passes);
  await writeFileDurably(join(folder, recordFile), `${JSON.stringify(record, null, 2)}\n`);
  await writeFileDurably(join(folder, 'drills.md'), renderRecord(record));
}
