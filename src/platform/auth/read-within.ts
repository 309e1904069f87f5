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
  const within = db.read({ orgId }, isSlow, caller, pending);
  if (orgId !== caller.orgId) {
    await pending.known();
    authorize();
    return await read(within);
  }
  // @NOTE a refusal goes before any fault of the read.
  const [outcome] = await Promise.allSettled([read(within)]);
  await pending.known();
  authorize();
  if (outcome.status === 'rejected') {
    throw outcome.reason;
  }
  return outcome.value;
}
