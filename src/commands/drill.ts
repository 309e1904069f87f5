import { writeFile } from 'node:fs/promises';
import { type DrilledRestore, type DrillReport, drills, type Figure, runDrills } from '../drills/index.ts';
import { type DrillPass, keepPasses } from '../operations/drill-record/index.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { version } from '../platform/system/version.ts';
import { backupSettings } from './backup-settings.ts';
import { asJson, type Outcome, report } from './outcome.ts';

export interface DrillOptions {
  readonly full?: boolean;
  readonly json?: boolean;
  /** A file that keeps what was measured, as JSON. */
  readonly report?: string;
  /** The folder that keeps what passed; true: that of the backups. */
  readonly record?: string | true;
}

/** Runs one drill, or all of them one after the other; what they measure is printed as they go, and what passed is kept at once. */
export async function drill(name: string, options: DrillOptions): Promise<void> {
  const names = name === 'all' ? Object.keys(drills) : [name];
  const chosen = names.map((each) => {
    const load = drills[each];
    if (load === undefined) {
      throw new OperationError(`There is no drill "${each}"`);
    }
    return load;
  });
  const { record } = options;
  const folder = record === true ? backupSettings().directory : record;
  const say = (line: string): void => {
    process.stderr.write(`  ${line}\n`);
  };
  const reports = await runDrills(
    chosen,
    (each) => {
      process.stderr.write(`${each}\n`);
      return { isFull: options.full ?? false, say, backups: namedBackups };
    },
    async (each) => {
      if (folder !== undefined) {
        await keepPasses(folder, passesOf([each]));
      }
    },
  );
  const outcome = outcomeOf(reports);
  if (options.report !== undefined) {
    await writeFile(options.report, asJson(outcome.json));
  }
  report(outcome, options);
}

const passesOf = (reports: readonly DrillReport[]): readonly DrillPass[] =>
  reports
    .filter(({ faults }) => faults.length === 0)
    .map(({ drill: name, startedAt, isFull, seconds, figures }) => ({
      drill: name,
      passedAt: startedAt,
      version,
      isFull,
      seconds,
      figures: figures.map(({ name: figure, value, unit }) => ({ name: figure, value, unit })),
    }));

function namedBackups() {
  const { directory, isDirectoryNamed, identityPath, secrets, noteSuccess } = backupSettings();
  return isDirectoryNamed
    ? {
        directory,
        identityPath,
        secrets,
        noteSuccess: (restoreDrill: DrilledRestore) => noteSuccess({ restoreDrill }),
      }
    : undefined;
}

function outcomeOf(reports: readonly DrillReport[]): Outcome {
  const isPassed = reports.every(({ faults }) => faults.length === 0);
  return {
    exitCode: isPassed ? 0 : 1,
    text: reports.map(render).join('\n'),
    json: { isPassed, drills: reports },
  };
}

function render({ drill: name, shows, seconds, figures, faults }: DrillReport): string {
  const verdict = faults.length === 0 ? 'passed' : 'FAILED';
  return [
    `${name}: ${verdict} in ${seconds.toFixed(1)} s. ${shows}`,
    ...figures.map(
      (figure) => `  ${figure.name.padEnd(58)} ${rounded(figure.value)} ${figure.unit}${limit(figure)}`,
    ),
    ...faults.map((fault) => `  ! ${fault}`),
    '',
  ].join('\n');
}

const rounded = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));
const limit = ({ atMost, atLeast }: Figure): string =>
  (atMost === undefined ? '' : ` (at most ${atMost})`) +
  (atLeast === undefined ? '' : ` (at least ${atLeast})`);
