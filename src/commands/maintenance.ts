import { RefusedError } from '../platform/errors/operation-error.ts';
import {
  currentMaintenance,
  EndPassedError,
  type Maintenance,
  type SwitchedOn,
  turnOff,
  turnOn,
} from '../platform/maintenance/index.ts';
import { operatorHere } from '../platform/operator-events/index.ts';
import type { Outcome } from './outcome.ts';
import { withOwner } from './with-owner.ts';

export interface MaintenanceOptions {
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

export interface MaintenanceOnOptions extends MaintenanceOptions {
  readonly message: string;
  /** RFC 3339. */
  readonly until?: string;
}

/** Shows whether maintenance is on. */
export async function maintenanceStatus(options: MaintenanceOptions): Promise<void> {
  await withOwner(options, async (client) => {
    const mode = await currentMaintenance(client);
    return {
      exitCode: 0,
      text: mode === undefined ? 'Maintenance is off.\n' : describe(mode),
      json: shown(mode),
    };
  });
}

/** Turns maintenance on, or changes its message and its end. Exit code 3 where a change that began before goes on. */
export async function maintenanceOn(options: MaintenanceOnOptions): Promise<void> {
  await withOwner(options, async (client) => {
    const { message, until = null, dryRun } = options;
    const before = await currentMaintenance(client);
    if (dryRun) {
      const what =
        before === undefined ? 'begin' : `go on, with another message and end (${describe(before).trim()})`;
      return {
        exitCode: 0,
        text: `Nothing was changed. Maintenance would ${what}: ${message}\n${ending(until)}`,
        json: { isDryRun: true, before: shown(before), would: { message, until } },
      };
    }
    try {
      return switchedOn(await turnOn(client, { message, until }, operatorHere()));
    } catch (error) {
      throw error instanceof EndPassedError
        ? new RefusedError(`${error.message}: nothing was changed`)
        : error;
    }
  });
}

/** Turns maintenance off. */
export async function maintenanceOff(options: MaintenanceOptions): Promise<void> {
  await withOwner(options, async (client) => {
    if (options.dryRun) {
      const mode = await currentMaintenance(client);
      const text =
        mode === undefined ? 'Maintenance is off already.\n' : `Nothing was changed. ${describe(mode)}`;
      return { exitCode: 0, text, json: { isDryRun: true, before: shown(mode) } };
    }
    const before = await turnOff(client, operatorHere());
    return {
      exitCode: 0,
      text:
        before === undefined
          ? 'Maintenance was off already.\n'
          : `Maintenance is over; it began at ${before.startedAt}. Changes are taken again.\n`,
      json: { before: shown(before), now: shown(undefined) },
    };
  });
}

function switchedOn({ maintenance, isQuiet }: SwitchedOn): Outcome {
  const quiet = isQuiet
    ? 'Every change that had begun is done, and none begins.\n'
    : 'None begins, but one that had begun is still under way: look with `brownie maintenance status`, and in pg_stat_activity for transactions older than it.\n';
  return {
    exitCode: isQuiet ? 0 : 3,
    text: `${describe(maintenance)}${quiet}`,
    json: { ...shown(maintenance), isQuiet },
  };
}

const describe = ({ message, until, startedAt, startedBy }: Maintenance): string =>
  `Maintenance is on since ${startedAt}, by ${startedBy}: ${message}\n${ending(until)}`;

const ending = (until: string | null): string =>
  until === null
    ? 'It has no end: it stays until `brownie maintenance off`.\n'
    : `It ends by itself at ${until}, or with \`brownie maintenance off\`.\n`;

const shown = (mode: Maintenance | undefined): object => {
  if (mode === undefined) {
    return { isOn: false };
  }
  const { secondsLeft, ...rest } = mode;
  return { isOn: true, ...rest, secondsLeft: secondsLeft === null ? null : Math.round(secondsLeft) };
};
