import { type AuditPruning, pruneAuditTrail } from '../operations/retention/index.ts';
import { sealAuditTrail } from '../platform/audit/seal-audit-trail.ts';
import { pluralize } from '../platform/system/wording.ts';
import { checkpointKeysOf } from './checkpoint-keys.ts';
import { commandConfig } from './command-config.ts';
import { openMigratedDatabase } from './open-database.ts';
import { openSession } from './open-session.ts';
import { organizationsWithTrail } from './organizations-with-trail.ts';
import { type Outcome, report } from './outcome.ts';

export interface PruneAuditOptions {
  readonly before: Date;
  readonly organization?: string;
  readonly despiteFault?: boolean;
  readonly key?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Removes the oldest entries of audit trails. Exit code 1 where one is not what was sealed, and so was left as it is. */
export async function pruneAudit(options: PruneAuditOptions): Promise<void> {
  const config = commandConfig();
  const keys = checkpointKeysOf(config);
  await using database = await openMigratedDatabase(config);
  await using session = openSession({ dsn: database.ownerDsn, timeoutMs: 600_000 });
  const { db } = session;
  await sealAuditTrail(db, { isPatient: true });
  const prunings: AuditPruning[] = [];
  const { despiteFault = false, dryRun: isDryRun = false } = options;
  const before = options.before.toISOString();
  for (const orgId of await organizationsWithTrail(db, options.organization)) {
    prunings.push(
      await pruneAuditTrail(db, orgId, { before, keys, keyId: options.key, despiteFault, isDryRun }),
    );
  }
  report(outcomeOf(prunings, options), options);
}

function outcomeOf(
  prunings: readonly AuditPruning[],
  { before, despiteFault, dryRun }: PruneAuditOptions,
): Outcome {
  const isLeft = ({ firstBadSeq }: AuditPruning): boolean => firstBadSeq !== null && !despiteFault;
  const left = prunings.filter(isLeft);
  const done = prunings.filter((each) => !isLeft(each) && each.entries > 0);
  const entries = done.reduce((sum, each) => sum + each.entries, 0);
  const text = `${pluralize(entries, 'entry', 'entries')} of ${pluralize(done.length, 'organization')}, recorded before ${before.toISOString()}`;
  return {
    exitCode: left.length === 0 ? 0 : 1,
    text:
      (dryRun ? `Nothing was changed. ${text}, would be removed.\n` : `${text}: removed.\n`) +
      left
        .map(
          ({ orgId, firstBadSeq }) =>
            `${orgId}: left as it is, for the first bad entry is at ${firstBadSeq}\n`,
        )
        .join(''),
    json: {
      isDryRun: dryRun ?? false,
      before,
      organizations: prunings
        .filter((each) => each.entries > 0 || isLeft(each))
        .map(({ orgId, entries: count, checkpoint, firstBadSeq }) => ({
          organization: orgId,
          entries: count,
          firstBadSeq,
          checkpoint,
        })),
    },
  };
}
