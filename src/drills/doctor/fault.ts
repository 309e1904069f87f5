import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Check } from '../../operations/doctor/check.ts';
import type { Variables } from '../../platform/programs/child-options.ts';
import type { DrillDatabase } from '../harness/drill-database.ts';
import type { DrillRedis } from '../harness/drill-redis.ts';

/** A whole healthy system, for faults to be put into. */
export interface Scene {
  readonly directory: string;
  readonly database: DrillDatabase;
  readonly redis: DrillRedis;
  /** Of the service, and of a doctor who looks at all of it. */
  readonly variables: Variables;
  /** As the superuser, in the database of the service. */
  query<Row extends pg.QueryResultRow>(sql: string): Promise<readonly Row[]>;
  /** A connection as the service, or as the owner; ended with the fault. */
  connect(as: 'service' | 'owner'): Promise<pg.Client>;
  /** Waits until the service says that something is the matter. */
  noticed(): Promise<void>;
  /** Waits until the service is healthy again. */
  recovered(): Promise<void>;
}

/** A fault in effect. */
export interface Injected {
  /** What the doctor's environment has instead; nothing by default. */
  readonly variables?: Variables;
  /** Takes it back. */
  readonly undo?: () => Promise<unknown>;
}

/** Something that goes wrong, and the check that must name it before any other. */
export interface Fault {
  readonly name: string;
  readonly expected: Check['id'];
  /** In effect once it resolves; undefined where this machine does not let us make it. */
  readonly inject: (scene: Scene) => Promise<Injected | undefined>;
}

/** Polls until something holds. Rejects after a minute and a half. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 90_000;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(`not within 90 s: ${what}`);
    }
    await delay(100);
  }
}
