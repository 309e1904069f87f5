import { createReadStream } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Type } from 'typebox';
import { type Checkpoint, isCheckpoint } from '../platform/audit/checkpoint.ts';
import { sealAuditTrail } from '../platform/audit/seal-audit-trail.ts';
import { type ChainVerdict, verifyChain } from '../platform/audit/verify-chain.ts';
import { type ExportVerdict, verifyExport } from '../platform/audit/verify-export.ts';
import type { Database } from '../platform/database/database.ts';
import { sql } from '../platform/database/sql.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { pluralize } from '../platform/system/wording.ts';
import { commandConfig } from './command-config.ts';
import { findOrganization } from './find-organization.ts';
import { openMigratedDatabase } from './open-database.ts';
import { openSession } from './open-session.ts';
import { type Outcome, report } from './outcome.ts';

export interface VerifyOptions {
  readonly checkpoint?: string;
  readonly key?: string;
  readonly organization?: string;
  readonly json?: boolean;
}

/**
 * Compares audit trails with their chains: that of an export, without a database, or those of the database. Exit code 1 where something is
 * wrong. Throws OperationError where what is named is not there.
 */
export async function verifyAudit(file: string | undefined, options: VerifyOptions): Promise<void> {
  if (file === undefined) {
    report(await verifyDatabase(options.organization), options);
    return;
  }
  const checkpoint = options.checkpoint === undefined ? undefined : await readCheckpoint(options.checkpoint);
  await access(file).catch(() => {
    throw new OperationError(`${file} cannot be read`);
  });
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  report(
    outcomeOfExport(await verifyExport(lines, checkpoint, options.key), checkpoint, options.key),
    options,
  );
}

async function readCheckpoint(file: string): Promise<Checkpoint> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    const value: unknown = JSON.parse(text);
    if (isCheckpoint(value)) {
      return value;
    }
  } catch {
    // @NOTE said below.
  }
  throw new OperationError(`${file} is no checkpoint: get one from …/audit-events/checkpoint`);
}

function outcomeOfExport(
  { fault, firstBadSeq, from, to, beyond }: ExportVerdict,
  checkpoint: Checkpoint | undefined,
  key: string | undefined,
): Outcome {
  const where = firstBadSeq === null ? '' : ` at ${firstBadSeq}`;
  const range = to === 0 ? 'It has no entry' : `Entries ${from} to ${to} are whole and in order`;
  const vouched =
    checkpoint === undefined
      ? 'Without a checkpoint nobody says that it is the chain of the service: name one with --checkpoint.\n'
      : `The checkpoint of ${checkpoint.signed_at} vouches for them up to ${checkpoint.seq}${beyond > 0 ? `; ${beyond} came later` : ''}.\n` +
        (key === undefined
          ? `It is signed by the key ${checkpoint.key_id}: compare that with the one you know, or name it with --key.\n`
          : '');
  return {
    exitCode: fault === null ? 0 : 1,
    text: fault === null ? `${range}.\n${vouched}` : `Wrong${where}: ${fault}.\n`,
    json: { ok: fault === null, firstBadSeq, fault, from, to, beyond, keyId: checkpoint?.key_id ?? null },
  };
}

async function verifyDatabase(organization: string | undefined): Promise<Outcome> {
  await using database = await openMigratedDatabase(commandConfig());
  await using session = openSession({ dsn: database.ownerDsn, timeoutMs: 60_000 });
  const { db } = session;
  await sealAuditTrail(db, { isPatient: true });
  const chains: (ChainVerdict & { readonly organization: string })[] = [];
  for (const orgId of await organizationsOf(db, organization)) {
    chains.push({ organization: orgId, ...(await verifyChain(db.within({ orgId }), orgId)) });
  }
  const wrong = chains.filter(({ isOk }) => !isOk);
  const entries = chains.reduce((sum, { seq }) => sum + seq, 0);
  return {
    exitCode: wrong.length === 0 ? 0 : 1,
    text:
      wrong.length === 0
        ? `${pluralize(entries, 'entry', 'entries')} of ${pluralize(chains.length, 'organization')}: each is what was sealed.\n`
        : wrong.map(lineOf).join(''),
    json: {
      ok: wrong.length === 0,
      organizations: chains.map(({ organization: id, isOk, firstBadSeq, unlinkedId, seq }) => ({
        organization: id,
        ok: isOk,
        firstBadSeq,
        unlinkedEventId: unlinkedId,
        verifiedSeq: seq,
      })),
    },
  };
}

const lineOf = ({
  organization,
  firstBadSeq,
  unlinkedId,
}: ChainVerdict & { readonly organization: string }): string =>
  `${organization}: ${
    firstBadSeq === null
      ? `the entry ${unlinkedId} was not written as the service does it`
      : `the first bad entry is at ${firstBadSeq}`
  }\n`;

const OrgId = Type.Object({ org_id: Type.String() });

/** The one that is named, else all that have a trail or a chain. */
async function organizationsOf(db: Database, named: string | undefined): Promise<readonly string[]> {
  if (named !== undefined) {
    const orgId = await findOrganization(db, named);
    if (orgId === undefined) {
      throw new OperationError(`There is no organization with the id or slug "${named}"`);
    }
    return [orgId];
  }
  return await db.transaction({}, async (tx) => {
    // @NOTE a door of row-level security for the owner alone: see migrations/0045-audit-chain.sql.
    await tx.run(sql`select set_config('app.sealing', 'yes', true)`);
    const rows = await tx.many(
      OrgId,
      sql`with recursive organization as (
            (select org_id from audit_events order by org_id limit 1)
            union all
            select (select e.org_id from audit_events e where e.org_id > o.org_id order by e.org_id limit 1)
            from organization o where o.org_id is not null
          )
          select org_id from organization where org_id is not null union select org_id from audit_chains order by 1`,
    );
    return rows.map(({ org_id }) => org_id);
  });
}
