import { openDatabaseSession } from '../operations/backup/database/index.ts';
import { findAudited, findCommits, type WalChange, type WalCommit } from '../operations/pitr/index.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { type RepositoryOptions, repositoryOf } from './backup-pitr.ts';
import { backupSettings } from './backup-settings.ts';
import { report } from './outcome.ts';

export interface RestoreFindOptions extends RepositoryOptions {
  readonly since?: Date;
  readonly until?: Date;
  readonly table?: string;
  readonly kind?: WalChange['kind'];
  readonly rows: number;
  /** Either has it look into the audit trail instead of the archive. */
  readonly action?: string;
  readonly resource?: string;
}

/** The live database, for the names of what the log knows by numbers. */
interface Catalog {
  readonly database: number;
  readonly segmentMegabytes: number;
  /** By oid, and by the number of the file, each with its prefix: `oid 16384`, `file 16391`; empty of what holds long values. */
  readonly names: ReadonlyMap<string, string>;
  /** That is asked for, by its name in full; null where there is none: a dropped one is not there. */
  readonly table: string | null;
}

interface Found {
  readonly committedAt: string;
  readonly what: readonly string[];
  /** The audit trail knows no place in the log. */
  readonly before: { readonly lsn: string | null; readonly time: string };
}

const hourMs = 3_600_000;
/** What is below belongs to PostgreSQL itself. */
const firstOwnOid = 16_384;

/**
 * Finds in the archive when tables were dropped or emptied and rows deleted or changed, or in the audit trail when something was done,
 * and says where just before each is.
 */
export async function restoreFind(options: RestoreFindOptions): Promise<void> {
  const until = options.until ?? new Date();
  const since = options.since ?? new Date(until.getTime() - hourMs);
  const isAudited = options.action !== undefined || options.resource !== undefined;
  const found = await (isAudited ? inAuditTrail : inArchive)(options, { since, until });
  report(
    {
      exitCode: 0,
      text:
        found.length === 0
          ? `Nothing of the kind was ${isAudited ? 'audited' : 'committed and archived'} between ${since.toISOString()} and ${until.toISOString()}.\n`
          : found
              .map(
                ({ committedAt, what, before }) =>
                  `${committedAt}  ${what.join('; ')}\n  just before it: ${before.lsn === null ? '' : `brownie restore lsn ${before.lsn}\n              or: `}brownie restore time ${before.time}\n`,
              )
              .join(''),
      json: found,
    },
    options,
  );
}

interface Period {
  readonly since: Date;
  readonly until: Date;
}

async function inArchive(options: RestoreFindOptions, period: Period): Promise<readonly Found[]> {
  const catalog = await readCatalog(backupSettings().demandDsn(), options.table);
  const commits = await findCommits({ repository: repositoryOf(options), ...catalog, ...period });
  return commits.flatMap((commit) => describe(commit, catalog, options));
}

async function inAuditTrail(
  { action, resource }: RestoreFindOptions,
  period: Period,
): Promise<readonly Found[]> {
  const changes = await findAudited(backupSettings().demandDsn(), { ...period, action, resource });
  return changes.map((change) => ({
    committedAt: change.occurredAt,
    what: [
      `${change.action} ${change.resourceId} by ${change.actorId ?? 'an operator'}, organization ${change.organizationId}`,
    ],
    // @NOTE entries tell the millisecond, rounded; what they tell of was committed later than it began.
    before: { lsn: null, time: new Date(Date.parse(change.occurredAt) - 1).toISOString() },
  }));
}

/** What instances do by themselves to many rows at once: they give places in chains of the audit trail, and remove what has expired. */
const ownWork = new Set([
  'update audit_links',
  'update access_changes',
  ...['access_changes', 'idempotency_keys', 'login_attempts', 'mail_tokens', 'mails', 'sessions'].map(
    (table) => `delete ${table}`,
  ),
]);

function describe(commit: WalCommit, catalog: Catalog, options: RestoreFindOptions): Found[] {
  const { kind: wanted, rows: rowsMin } = options;
  const changes = commit.changes.filter(({ kind }) => wanted === undefined || kind === wanted);
  // @NOTE shown whatever the table: the catalog has forgotten what it was called.
  const dropped = changes.flatMap(({ kind, relation }) => (kind === 'drop' ? [relation] : []));
  const others = changes.flatMap(({ kind, relation, rows }) => {
    const known = catalog.names.get(`${rows > 0 ? 'file' : 'oid'} ${relation}`);
    // @NOTE a file without a name was of a table that was dropped or emptied since; what has an oid and no name is an index.
    const isGone = known === undefined && rows > 0 && relation >= firstOwnOid;
    const isAsked =
      isGone || (options.table === undefined ? !ownWork.has(`${kind} ${known}`) : known === catalog.table);
    const name = isGone ? `a table that is gone or was emptied since (file ${relation})` : known;
    if (kind === 'drop' || !name || !isAsked || (rows > 0 && rows < rowsMin)) {
      return [];
    }
    const words = {
      delete: `${rows} rows of ${name} deleted`,
      update: `${rows} rows of ${name} changed`,
      truncate: `${name} emptied, or written anew`,
    };
    return [words[kind]];
  });
  const what = [
    ...(dropped.length === 0
      ? []
      : [`dropped, with what belongs to it: the relation ${Math.min(...dropped)}`]),
    ...others,
  ];
  return what.length === 0
    ? []
    : [
        {
          committedAt: commit.committedAt,
          what,
          before: { lsn: commit.before, time: justBefore(commit.committedAt) },
        },
      ];
}

/** A microsecond earlier; both in microseconds, as ISO 8601. */
function justBefore(at: string): string {
  const [whole = '', fraction = ''] = at.slice(0, -1).split('.');
  const micros = BigInt(Date.parse(`${whole}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0')) - 1n;
  return `${new Date(Number(micros / 1_000_000n) * 1000).toISOString().slice(0, 19)}.${String(micros % 1_000_000n).padStart(6, '0')}Z`;
}

async function readCatalog(dsn: string, table: string | undefined): Promise<Catalog> {
  await using session = await openDatabaseSession(dsn);
  const { rows } = await session.client.query<Omit<Catalog, 'names'> & { relations: Record<string, string> }>(
    `select (select oid::int8::float8 from pg_database where datname = current_database()) as database,
            (pg_size_bytes(current_setting('wal_segment_size')) / 1048576)::int as "segmentMegabytes",
            to_regclass($1)::text as "table",
            (select jsonb_object_agg('oid ' || oid, name) || jsonb_object_agg('file ' || pg_relation_filenode(oid), name)
             from (select oid, case relkind when 't' then '' else oid::regclass::text end as name
                   from pg_class where relkind in ('r', 'm', 't') and oid >= $2) as c) as relations`,
    [table ?? null, firstOwnOid],
  );
  const [found] = rows;
  if (found === undefined) {
    throw new OperationError('the database does not know itself');
  }
  const { relations, ...rest } = found;
  return { ...rest, names: new Map(Object.entries(relations ?? {})) };
}
