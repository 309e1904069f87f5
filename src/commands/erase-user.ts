import { eraseUser as erase, signErasuresAnew, type UserErasure } from '../operations/erasure/index.ts';
import { sealAuditTrail } from '../platform/audit/seal-audit-trail.ts';
import { pluralize } from '../platform/system/wording.ts';
import { checkpointKeysOf } from './checkpoint-keys.ts';
import { commandConfig } from './command-config.ts';
import { openMigratedDatabase } from './open-database.ts';
import { openSession } from './open-session.ts';
import { organizationsWithTrail } from './organizations-with-trail.ts';
import { type Outcome, report } from './outcome.ts';

export interface EraseUserOptions {
  readonly apply?: boolean;
  readonly json?: boolean;
}

/** Erases what tells who a deleted user was; says only how much it is unless told to. Throws RefusedError where they are not deleted. */
export async function eraseUser(userId: string, options: EraseUserOptions): Promise<void> {
  const config = commandConfig();
  const keys = checkpointKeysOf(config);
  const isDryRun = options.apply !== true;
  await using database = await openMigratedDatabase(config);
  await using session = openSession({ dsn: database.ownerDsn, timeoutMs: 600_000 });
  const { db } = session;
  await sealAuditTrail(db, { isPatient: true });
  const organizations = await organizationsWithTrail(db, undefined);
  const erasure = await erase(db, userId, { organizations, keys, isDryRun });
  for (const orgId of isDryRun ? [] : organizations) {
    await signErasuresAnew(db, orgId, keys);
  }
  report(outcomeOf(erasure, isDryRun), options);
}

function outcomeOf({ userId, entries, isAccountErased }: UserErasure, isDryRun: boolean): Outcome {
  const total = [...entries.values()].reduce((sum, each) => sum + each, 0);
  const where = `${pluralize(total, 'entry', 'entries')} of the audit trails of ${pluralize(entries.size, 'organization')}`;
  return {
    exitCode: 0,
    text: [
      `${where}${isDryRun ? '' : ': erased, and what is left signed'}\n`,
      isAccountErased ? `the account${isDryRun ? '' : ': erased'}\n` : 'the account was erased before\n',
      isDryRun ? 'Nothing was changed: --apply erases this, and nobody brings it back.\n' : '',
    ].join(''),
    json: {
      isDryRun,
      user: userId,
      entries: Object.fromEntries(entries),
      isAccountErased,
    },
  };
}
