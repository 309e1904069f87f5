import { type Static, Type } from 'typebox';
import type { CheckpointKeys } from '../../platform/audit/checkpoint.ts';
import { entryHash } from '../../platform/audit/erasure.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { join, sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { withoutPerson } from './personal-data.ts';

/** Whom the trail is to forget. */
export interface Forgotten {
  readonly id: string;
  /** All that they had. */
  readonly emails: readonly string[];
}

const snapshot = Type.Union([Type.Unknown(), Type.Null()]);
const Entry = Type.Object({
  id: Type.String(),
  seq: Type.Number(),
  hash: Type.String(),
  is_about_them: Type.Boolean(),
  is_theirs: Type.Boolean(),
  before: snapshot,
  after: snapshot,
});
type Entry = Static<typeof Entry>;
const EntryText = Type.Object({ text: Type.String() });

const batchMax = 200;

/**
 * Erases a person from the audit trail of an organization: the members of entries about them that tell who they are, their e-mail addresses wherever they stand, and the network
 * addresses that they came from. What is left of each entry is signed. A few at a time, so that nobody waits; what was cut off is gone on with. Answers how many entries it
 * were, or, changing nothing, would be. @NOTE the order of places: what comes meanwhile is behind them.
 */
export async function eraseEntries(
  db: Database,
  orgId: string,
  forgotten: Forgotten,
  { keys, isDryRun }: { readonly keys: CheckpointKeys; readonly isDryRun: boolean },
): Promise<number> {
  let erased = 0;
  for (let after = 0, isMore = true; isMore; ) {
    const entries = await entriesOf(db.within({ orgId }), orgId, forgotten, after);
    const changed = entries.flatMap((entry) => changesOf(entry, forgotten) ?? []);
    if (!isDryRun && changed.length > 0) {
      await db.transaction({ orgId }, async (tx) => {
        for (const change of changed) {
          await rewrite(tx, orgId, change, keys);
        }
      });
    }
    erased += changed.length;
    isMore = entries.length === batchMax;
    after = entries.at(-1)?.seq ?? after;
  }
  return erased;
}

/** Those that may name the person. */
function entriesOf(within: Queryable, orgId: string, { id, emails }: Forgotten, after: number) {
  const patterns = emails.map((email) => `%${email.replaceAll(/[\\%_]/g, '\\$&')}%`);
  const naming = join(
    [sql`e.before`, sql`e.after`].map((each) => sql`${each}::text ilike any(${patterns}::text[])`),
    sql` or `,
  );
  return within.many(
    Entry,
    sql`select e.id, l.seq::float8 as seq, encode(l.hash, 'hex') as hash, e.resource_id = ${id} as is_about_them,
          coalesce(e.actor_id = ${id} and e.address is not null, false) as is_theirs, e.before, e.after
        from audit_links l join audit_events e on e.org_id = l.org_id and e.id = l.event_id
        where l.org_id = ${orgId} and l.seq > ${after}
          and ((e.actor_id = ${id} and e.address is not null) or (e.resource_id = ${id} and (e.before is not null or e.after is not null)) or ${naming})
        order by l.seq limit ${batchMax}`,
  );
}

type Rewriting = Pick<Entry, 'id' | 'seq' | 'hash' | 'is_theirs' | 'before' | 'after'>;

/** Undefined where nothing names the person any more. */
function changesOf(entry: Entry, { emails }: Forgotten): Rewriting | undefined {
  const { id, seq, hash, is_theirs } = entry;
  const how = { emails, isAboutThem: entry.is_about_them };
  const [before, after] = [withoutPerson(entry.before, how), withoutPerson(entry.after, how)];
  const isSame =
    JSON.stringify([before, after]) === JSON.stringify([entry.before, entry.after]) && !is_theirs;
  return isSame ? undefined : { id, seq, hash, is_theirs, before, after };
}

/** @NOTE said to be erased first: the database lets nobody change another entry. */
async function rewrite(
  tx: Transaction,
  orgId: string,
  { id, seq, hash, is_theirs, before, after }: Rewriting,
  keys: CheckpointKeys,
): Promise<void> {
  const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
  await tx.run(
    sql`insert into audit_erasures (org_id, event_id, seq, entry_hash, signed_at, key_id, public_key, signature)
        values (${orgId}, ${id}, ${seq}, decode(repeat('00', 32), 'hex'), now(), '', '', '') on conflict (org_id, event_id) do nothing`,
  );
  const { text } = await tx.one(
    EntryText,
    sql`update audit_events e set before = ${json(before)}, after = ${json(after)}, address = case when ${is_theirs} then null else address end
        where org_id = ${orgId} and id = ${id} returning audit_entry_text(e) as text`,
  );
  const stand = { organization_id: orgId, seq, hash, entry_hash: entryHash(text) };
  const { signed_at, key_id, public_key, signature } = keys.sign(stand, new Date(), 'erasure');
  await tx.run(
    sql`update audit_erasures set entry_hash = decode(${stand.entry_hash}, 'hex'), signed_at = ${signed_at}, key_id = ${key_id},
          public_key = ${public_key}, signature = ${signature}
        where org_id = ${orgId} and event_id = ${id}`,
  );
}
