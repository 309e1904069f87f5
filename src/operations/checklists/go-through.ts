import { type Area, type Diagnosis, type DoctorContext, diagnose } from '../doctor/index.ts';
import { type ChecklistName, checklists } from './checklists.ts';
import type { ChecklistContext, Entry, Log } from './item.ts';
import { openLog } from './open-log.ts';

const weekMs = 7 * 24 * 3_600_000;

export interface ChecklistOptions {
  readonly doctor: DoctorContext;
  readonly urls: readonly string[];
  /** A file with log lines of the service; the journal where none is named. */
  readonly logFile?: string | undefined;
}

/** Goes through a checklist, item by item. Rejects where the configuration cannot be read. */
export async function goThrough(name: ChecklistName, options: ChecklistOptions): Promise<readonly Entry[]> {
  const { doctor, urls, logFile } = options;
  let log: Promise<Log> | undefined;
  const known = new Map<Area, Promise<readonly Diagnosis[]>>();
  const ofArea = (area: Area): Promise<readonly Diagnosis[]> => {
    const found = known.get(area) ?? diagnose(doctor, [area]);
    known.set(area, found);
    return found;
  };
  const context: ChecklistContext = {
    doctor,
    urls,
    log() {
      log ??= openLog(logFile, new Date(Date.now() - weekMs));
      return log;
    },
    diagnoses: async (...areas) => (await Promise.all(areas.map(ofArea))).flat(),
  };
  const entries: Entry[] = [];
  for (const { title, look } of checklists[name]) {
    entries.push({ item: title, ...(await look(context)) });
  }
  return entries;
}
