import { signErasuresAnew } from '../operations/erasure/index.ts';
import { type AuditPruning, pruneAuditTrail, pruneRows } from '../operations/retention/index.ts';
import { sealAuditTrail } from '../platform/audit/seal-audit-trail.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';
import { pluralize } from '../platform/system/wording.ts';
import { checkpointKeysOf } from './checkpoint-keys.ts';
import { commandConfig } from './command-config.ts';
import { openMigratedDatabase } from './open-database.ts';
import { openSession } from './open-session.ts';
import { organizationsWithTrail } from './organizations-with-trail.ts';
import { type Outcome, report } from './outcome.ts';

export interface RetentionOptions {
  readonly apply?: boolean;
  readonly organization?: string;
  /** Instead of the settings. */
  readonly auditDays?: number;
  readonly statsDays?: number;
  readonly timelineDays?: number;
  readonly json?: boolean;
}

const dayMs = 86_400_000;

/** What is older than it is kept; undefined: it is kept for ever. */
interface Old {
  readonly before: string;
  readonly rows: number;
}
type Olds = Readonly<Record<'audit' | 'stats' | 'timelines', Old | undefined>>;

/**
 * Removes what is older than settings or options say; says only how much it is unless told to. Exit code 1 where entries of an audit trail are
 * not what was sealed, and so were left. Throws RefusedError where all is kept for ever.
 */
export async function retention(options: RetentionOptions): Promise<void> {
  const config = commandConfig();
  const audit = beforeOf(options.auditDays ?? config.retention.auditDays);
  const stats = beforeOf(options.statsDays ?? config.retention.statsDays);
  const timelines = beforeOf(options.timelineDays ?? config.retention.timelineDays);
  if ((audit ?? stats ?? timelines) === undefined) {
    throw new RefusedError(
      'Everything is kept for ever: set METADATA_AUDIT_RETENTION_DAYS, METADATA_STATS_RETENTION_DAYS or METADATA_TIMELINE_RETENTION_DAYS',
    );
  }
  const isDryRun = options.apply !== true;
  await using database = await openMigratedDatabase(config);
  await using session = openSession({ dsn: database.ownerDsn, timeoutMs: 600_000 });
  const { db } = session;
  await sealAuditTrail(db, { isPatient: true });
  const counts = { stats: 0, timelines: 0 };
  const trails: AuditPruning[] = [];
  for (const orgId of await organizationsWithTrail(db, options.organization)) {
    if (!isDryRun) {
      await signErasuresAnew(db, orgId, checkpointKeysOf(config));
    }
    for (const [kind, before] of Object.entries({ stats, timelines }) as ['stats' | 'timelines', string?][]) {
      counts[kind] += before === undefined ? 0 : await pruneRows(db, orgId, kind, { before, isDryRun });
    }
    if (audit !== undefined) {
      const keys = checkpointKeysOf(config);
      trails.push(await pruneAuditTrail(db, orgId, { before: audit, keys, isDryRun }));
    }
  }
  const entries = trails.reduce((sum, each) => sum + (each.firstBadSeq === null ? each.entries : 0), 0);
  const old = (before: string | undefined, rows: number): Old | undefined =>
    before === undefined ? undefined : { before, rows };
  const olds = {
    audit: old(audit, entries),
    stats: old(stats, counts.stats),
    timelines: old(timelines, counts.timelines),
  };
  report(outcomeOf(olds, trails, isDryRun), options);
}

const beforeOf = (days: number | undefined): string | undefined =>
  days === undefined ? undefined : new Date(Date.now() - days * dayMs).toISOString();

function outcomeOf(olds: Olds, trails: readonly AuditPruning[], isDryRun: boolean): Outcome {
  const left = trails.filter(({ firstBadSeq }) => firstBadSeq !== null);
  const line = (old: Old | undefined, one: string, many: string): string =>
    old === undefined
      ? `${many}: kept for ever\n`
      : `${pluralize(old.rows, one, many)} from before ${old.before}${isDryRun ? '' : ': removed'}\n`;
  return {
    exitCode: left.length === 0 ? 0 : 1,
    text: [
      line(olds.audit, 'entry of audit trails', 'entries of audit trails'),
      line(olds.stats, 'measured value', 'measured values'),
      line(olds.timelines, 'event of timelines', 'events of timelines'),
      ...left.map(
        ({ orgId, firstBadSeq }) =>
          `${orgId}: its audit trail is left as it is, for the first bad entry is at ${firstBadSeq}\n`,
      ),
      isDryRun ? 'Nothing was changed: --apply removes this.\n' : '',
    ].join(''),
    json: {
      isDryRun,
      audit: olds.audit ?? null,
      stats: olds.stats ?? null,
      timelines: olds.timelines ?? null,
      checkpoints: trails.flatMap(({ checkpoint }) => checkpoint ?? []),
      broken: left.map(({ orgId: organization, firstBadSeq }) => ({ organization, firstBadSeq })),
    },
  };
}
