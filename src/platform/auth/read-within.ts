import type { Database } from '../database/database.ts';
import type { Queryable } from '../database/queryable.ts';
import type { Caller } from './caller.ts';

/** What a read is about, who may read it, and how. */
export interface Read<Result> {
  /** The organization that the path names. */
  readonly orgId: string;
  /** Grants the route's permission, or throws; the caller is known by then. */
  readonly authorize: () => void;
  /** Reads what is quick; see `Database.lookUp`. */
  readonly read: (within: Queryable) => Promise<Result>;
  /** Whether the read may take its time, and so a connection of its own. */
  readonly isSlow?: boolean | undefined;
}

/**
 * Reads in an organization. Where that is the one of the caller's token, it is read in the round trip that says who calls, and
 * what was read is dropped where they may not: a refusal looks the same either way. Elsewhere nothing is read before.
 */
export async function readWithin<Result>(
  db: Database,
  caller: Caller,
  { orgId, authorize, read, isSlow = false }: Read<Result>,
): Promise<Result> {
  const { pending } = caller;
  const within = isSlow ? db.within({ orgId }, pending) : db.lookUp({ orgId }, pending);
  if (orgId !== caller.orgId) {
    await pending.known();
    authorize();
    return await read(within);
  }
  return await permitted(caller, read(within), authorize);
}

/** What is being read, once it is known that the caller may: a refusal goes before any fault of the read. */
export async function permitted<Result>(
  { pending }: Caller,
  reading: Promise<Result>,
  authorize: () => void,
): Promise<Result> {
  const [outcome] = await Promise.allSettled([reading]);
  await pending.known();
  authorize();
  if (outcome.status === 'rejected') {
    throw outcome.reason;
  }
  return outcome.value;
}
