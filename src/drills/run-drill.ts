import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../platform/programs/find-program.ts';
import { type Drill, type DrillHarness, type DrillReport, faultOf } from './drill.ts';

/**
 * Runs drills one after the other. `onReport` is told of each as soon as it is over, and waited for: whoever ends a long exercise has what
 * passed until then.
 */
export async function runDrills(
  drills: readonly (() => Promise<Drill>)[],
  harness: (name: string) => Omit<DrillHarness, 'directory'>,
  onReport: (report: DrillReport) => Promise<void>,
): Promise<readonly DrillReport[]> {
  const reports: DrillReport[] = [];
  for (const load of drills) {
    const drill = await load();
    const report = await runDrill(drill, harness(drill.name));
    reports.push(report);
    await onReport(report);
  }
  return reports;
}

/** Runs a drill in a folder of its own. Never rejects: what went wrong is in the report. */
async function runDrill(drill: Drill, harness: Omit<DrillHarness, 'directory'>): Promise<DrillReport> {
  const startedAt = new Date();
  const result = await exercise(drill, harness);
  return {
    drill: drill.name,
    shows: drill.shows,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    isFull: harness.isFull,
    ...result,
  };
}

async function exercise(
  drill: Drill,
  harness: Omit<DrillHarness, 'directory'>,
): Promise<Pick<DrillReport, 'figures' | 'faults'>> {
  const missing: string[] = [];
  for (const name of drill.programs) {
    if ((await findProgram(name)) === undefined) {
      missing.push(name);
    }
  }
  if (missing.length > 0) {
    return {
      figures: [],
      faults: [`not installed: ${missing.join(', ')}; scripts/install-debian-packages installs them`],
    };
  }
  const directory = await mkdtemp(join(tmpdir(), `brownie-drill-${drill.name}-`));
  try {
    const figures = await drill.run({ ...harness, directory });
    const faults = figures.map(faultOf).filter((fault) => fault !== undefined);
    return { figures, faults: figures.length === 0 ? ['it measured nothing'] : faults };
  } catch (error) {
    return { figures: [], faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}
