import { stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Check, critical, ok, type Verdict, warning } from '../check.ts';
import type { DoctorContext } from '../doctor-context.ts';

export interface Disk {
  /** What it is for, and where. */
  readonly name: string;
  readonly free: number;
  readonly total: number;
}

const warningShare = 0.1;
const criticalShare = 0.05;

export const diskSpace: Check = {
  id: 'disk.space',
  runbook: 'docs/procedures/doctor.md',
  look: async (context) => judgeDisks(await disksOf(context)),
};

/** The disks of what this machine keeps, each once. @NOTE that of a database elsewhere cannot be seen from here. */
export async function disksOf(context: DoctorContext): Promise<readonly Disk[]> {
  const { database, backup, operations } = context.config;
  const folders: [string, string | undefined][] = [
    ['the database', database.mode === 'embedded' ? database.dataDir : await dataDirectoryOf(context)],
    ['backups', backup.directory],
    ['the incident log', operations.incidentDirectory],
  ];
  const disks = new Map<number, Disk>();
  for (const [purpose, folder] of folders) {
    const path = folder === undefined ? undefined : await existing(resolve(folder));
    if (path !== undefined) {
      const [{ dev }, { bavail, blocks, bsize }] = await Promise.all([stat(path), statfs(path)]);
      const known = disks.get(dev);
      const name = known === undefined ? `${path} (${purpose})` : `${known.name}, ${purpose}`;
      disks.set(dev, { name, free: bavail * bsize, total: blocks * bsize });
    }
  }
  return [...disks.values()];
}

/** Of a server on this machine whose login may know it; else undefined. */
async function dataDirectoryOf(context: DoctorContext): Promise<string | undefined> {
  const session = await context.owner().catch(() => undefined);
  if (session === undefined || !/^(localhost|127\.|\[?::1|\/)/.test(session.place)) {
    return undefined;
  }
  const found = await session
    .row<{ path: string }>(`select current_setting('data_directory') as path`)
    .catch(() => undefined);
  return found?.path;
}

/** The folder, or the nearest one above that is there: where it would be made. */
async function existing(path: string): Promise<string | undefined> {
  for (let at = path; ; at = dirname(at)) {
    if (await stat(at).then(...yesOrNo)) {
      return at;
    }
    if (at === dirname(at)) {
      return undefined;
    }
  }
}

const yesOrNo = [() => true, () => false] as const;

export const diskLine = ({ name, free, total }: Disk): string =>
  `${name}: ${size(free)} of ${size(total)} are free (${Math.floor((100 * free) / total)} %)`;

const size = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;

export function judgeDisks(disks: readonly Disk[]): Verdict {
  const full = disks
    .filter(({ total, free }) => total > 0 && free < warningShare * total)
    .toSorted((a, b) => a.free / a.total - b.free / b.total);
  const [fullest] = full;
  if (fullest === undefined) {
    return ok('There is room on every disk', disks.map(diskLine));
  }
  const complaint = {
    finding: `A disk is nearly full: ${diskLine(fullest)}`,
    evidence: full.map(diskLine),
    remedy: 'df --human-readable; brownie backup prune; never delete in pg_wal',
  };
  return fullest.free < criticalShare * fullest.total ? critical(complaint) : warning(complaint);
}
