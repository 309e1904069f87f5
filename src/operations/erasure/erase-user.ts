import { Type } from 'typebox';
import { operator } from '../../platform/audit/audit-entry.ts';
import type { CheckpointKeys } from '../../platform/audit/checkpoint.ts';
import { changeBy } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { RefusedError } from '../../platform/errors/operation-error.ts';
import { eraseEntries } from './erase-entries.ts';
import { emptyAccount, emptyRecords, findPerson, type Person } from './person-store.ts';
import { emailsIn } from './personal-data.ts';

/** What was erased, or would be. */
export interface UserErasure {
  readonly userId: string;
  /** Entries of audit trails, by organization; those without any are left out. */
  readonly entries: ReadonlyMap<string, number>;
  /** False where it had been erased before. */
  readonly isAccountErased: boolean;
}

interface EraseOptions {
  /** Those whose trails may name the person: all that have one. */
  readonly organizations: readonly string[];
  readonly keys: CheckpointKeys;
  readonly isDryRun: boolean;
}

/**
 * Erases what tells who a person was who has been deleted: in audit trails, in what directories and invitations say, in their account. The account comes last: what was cut off
 * is gone on with. Throws RefusedError where there is nobody to erase, or not yet.
 */
export async function eraseUser(
  db: Database,
  userId: string,
  { organizations, keys, isDryRun }: EraseOptions,
): Promise<UserErasure> {
  const person = await personOf(db, userId);
  const emails = await emailsOf(db, person, organizations);
  const forgotten = { id: userId, emails };
  const entries = new Map<string, number>();
  // @NOTE theirs last: it tells most of what they were called before.
  const others = organizations.filter((each) => each !== person.org_id);
  for (const orgId of [...others, ...organizations.filter((each) => each === person.org_id)]) {
    const erased = await eraseEntries(db, orgId, forgotten, { keys, isDryRun });
    if (erased > 0) {
      entries.set(orgId, erased);
    }
    if (!isDryRun) {
      await eraseRecords(db, orgId, forgotten, erased);
    }
  }
  if (!isDryRun && !person.is_erased) {
    await eraseAccount(db, person);
  }
  return { userId, entries, isAccountErased: !person.is_erased };
}

async function personOf(db: Database, userId: string): Promise<Person> {
  const person = await findPerson(db.within({ userId }), userId);
  if (person === undefined || person.kind !== 'person') {
    throw new RefusedError(`There is no person with the id "${userId}"`);
  }
  if (!person.is_deleted) {
    throw new RefusedError(
      'The user is not deleted: first DELETE /api/v1/users/{user_id}, in each organization that they belong to',
    );
  }
  return person;
}

const Snapshots = Type.Object({ before: Type.Unknown(), after: Type.Unknown() });

/** Every address that the person had, as far as anything still tells: their account and the entries about it. */
async function emailsOf(
  db: Database,
  person: Person,
  organizations: readonly string[],
): Promise<readonly string[]> {
  const emails = new Set(emailsIn(person));
  for (const orgId of organizations) {
    const told = await db.within({ orgId }).many(
      Snapshots,
      sql`select before, after from audit_events
          where org_id = ${orgId} and resource_id = ${person.id} and (before ?| array['email', 'verified_email', 'user_name'] or after ?| array['email', 'verified_email', 'user_name'])
          order by id limit 10000`,
    );
    for (const { before, after } of told) {
      for (const email of [...emailsIn(before), ...emailsIn(after)]) {
        emails.add(email);
      }
    }
  }
  return [...emails].filter((email) => email !== `${person.id}@erased.invalid`);
}

const resourceOf = (id: string) => ({ resourceType: 'user', resourceId: id });

/** @NOTE that a person was erased is told where anything was, and tells nothing else of them. */
async function eraseRecords(
  db: Database,
  orgId: string,
  { id, emails }: { readonly id: string; readonly emails: readonly string[] },
  entries: number,
): Promise<void> {
  await changeBy(db, operator, orgId, async (tx, record) => {
    const rows = await emptyRecords(tx, orgId, { id, emails });
    if (rows + entries > 0) {
      record({
        ...resourceOf(id),
        at: await momentOf(tx, orgId, resourceOf(id)),
        action: 'user.erased',
        after: { entries, records: rows },
      });
    }
  });
}

async function eraseAccount(db: Database, { id, org_id: orgId }: Person): Promise<void> {
  await changeBy(db, operator, orgId, async (tx, record) => {
    const at = await momentOf(tx, orgId, resourceOf(id));
    await tx.enter({ orgId, userId: id });
    await emptyAccount(tx, id, at);
    await tx.enter({ orgId });
    record({ ...resourceOf(id), at, action: 'user.erased', after: { account: true } });
  });
}
