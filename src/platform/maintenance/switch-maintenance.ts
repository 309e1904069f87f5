import { insertOperatorEvent, type Operator } from '../operator-events/index.ts';
import {
  currentMaintenance,
  deleteMaintenance,
  type Maintenance,
  type MaintenanceOrder,
  putMaintenance,
  type Sender,
} from './maintenance-rows.ts';

/** The lock that every write shares until it commits: see refuse_in_maintenance() in migrations/0008-maintenance.sql. */
const lock = '503, 8';
/** Below the limits that the service has for a statement by default. */
const waitForWritesMs = 4_000;

/** Maintenance was to end before it began, by the database's clock. */
export class EndPassedError extends Error {
  override readonly name = 'EndPassedError';

  constructor() {
    super('the end of the maintenance has passed already');
  }
}

export interface SwitchedOn {
  readonly maintenance: Maintenance;
  /** Whether no write that began before is under way any more; false where one took longer than 4 s. */
  readonly isQuiet: boolean;
}

const instantOf = (time: string | null): number | null => (time === null ? null : Date.parse(time));

/** Whether maintenance is so already, whatever way its end is written. */
const isAsOrdered = (before: Maintenance, { message, until }: MaintenanceOrder): boolean =>
  before.message === message && instantOf(before.until) === instantOf(until);

/**
 * Turns maintenance on, or changes its message and its end; the same again leaves no trace. No write begins from then on, on any
 * instance; resolves once those that had begun are done. Throws EndPassedError, or the driver's error: 23514 for a message of other than 1 to 500 characters.
 */
export async function turnOn(
  client: Sender,
  order: MaintenanceOrder,
  operator: Operator,
): Promise<SwitchedOn> {
  const maintenance = await inTransaction(client, async () => {
    const before = await currentMaintenance(client);
    if (before !== undefined && isAsOrdered(before, order)) {
      return before;
    }
    await putMaintenance(client, order, operator.actor);
    const action = before === undefined ? 'maintenance.started' : 'maintenance.changed';
    await insertOperatorEvent(client, operator, action, order);
    const after = await currentMaintenance(client);
    if (after === undefined) {
      throw new EndPassedError();
    }
    return after;
  });
  return { maintenance, isQuiet: await writesAreDone(client) };
}

/** Turns maintenance off. Answers what it was; undefined where none was on, which is no fault. */
export async function turnOff(client: Sender, operator: Operator): Promise<Maintenance | undefined> {
  return await inTransaction(client, async () => {
    const before = await currentMaintenance(client);
    await deleteMaintenance(client);
    if (before !== undefined) {
      const { message, until, startedAt } = before;
      await insertOperatorEvent(client, operator, 'maintenance.ended', { message, until, startedAt });
    }
    return before;
  });
}

async function writesAreDone(client: Sender): Promise<boolean> {
  try {
    await inTransaction(client, async () => {
      await client.query(`set local lock_timeout = ${waitForWritesMs}`);
      await client.query(`select pg_advisory_xact_lock(${lock})`);
    });
    return true;
  } catch {
    // @NOTE whatever keeps us from knowing: maintenance is on, and a write may still be under way.
    return false;
  }
}

async function inTransaction<Result>(client: Sender, work: () => Promise<Result>): Promise<Result> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
