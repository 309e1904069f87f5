import { createReadStream } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type Checkpoint, type IsOurs, isCheckpoint, isSigned } from '../platform/audit/checkpoint.ts';
import { sealAuditTrail } from '../platform/audit/seal-audit-trail.ts';
import { type ChainVerdict, verifyChain } from '../platform/audit/verify-chain.ts';
import { type ExportVerdict, verifyExport } from '../platform/audit/verify-export.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { pluralize } from '../platform/system/wording.ts';
import { checkpointKeysOf } from './checkpoint-keys.ts';
import { commandConfig } from './command-config.ts';
import { openMigratedDatabase } from './open-database.ts';
import { openSession } from './open-session.ts';
import { organizationsWithTrail } from './organizations-with-trail.ts';
import { type Outcome, report } from './outcome.ts';

export interface VerifyOptions {
  readonly checkpoint?: string;
  readonly key?: string;
  readonly pruned?: string;
  readonly organization?: string;
  readonly json?: boolean;
}

/**
 * Compares audit trails with their chains: that of an export, without a database, or those of the database. Exit code 1 where something is
 * wrong. Throws OperationError where what is named is not there.
 */
export async function verifyAudit(file: string | undefined, options: VerifyOptions): Promise<void> {
  if (file === undefined) {
    report(await verifyDatabase(options), options);
    return;
  }
  const checkpoint = options.checkpoint === undefined ? undefined : await readCheckpoint(options.checkpoint);
  await access(file).catch(() => {
    throw new OperationError(`${file} cannot be read`);
  });
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  const pruning = options.pruned === undefined ? undefined : await readCheckpoint(options.pruned);
  const verdict = await verifyExport(lines, checkpoint, options.key, pruning);
  report(outcomeOfExport(verdict, { checkpoint, pruning, key: options.key }), options);
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
  { fault, firstBadSeq, from, to, beyond, erased }: ExportVerdict,
  {
    checkpoint,
    pruning,
    key,
  }: Readonly<Record<'checkpoint' | 'pruning', Checkpoint | undefined>> & {
    readonly key: string | undefined;
  },
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
    text:
      fault === null
        ? `${range}.\n${beginningOfExport(from, pruning)}${erasedIn(erased)}${vouched}`
        : `Wrong${where}: ${fault}.\n`,
    json: {
      ok: fault === null,
      firstBadSeq,
      fault,
      from,
      to,
      beyond,
      erased,
      keyId: checkpoint?.key_id ?? null,
    },
  };
}

const erasedIn = ({ entries, keyIds }: ExportVerdict['erased']): string =>
  entries === 0
    ? ''
    : `Of ${pluralize(entries, 'entry', 'entries')} the operator erased what named a person; what is left is signed by ${keyIds.join(', ')}: compare that with the keys you know.\n`;

function beginningOfExport(from: number, pruning: Checkpoint | undefined): string {
  if (from <= 1) {
    return '';
  }
  return pruning === undefined
    ? `Those before ${from} are not in it: if the operator removed them, name the checkpoint of …/audit-events/verify with --pruned.\n`
    : `Those up to ${pruning.seq} were removed; the checkpoint of ${pruning.signed_at}, signed by the key ${pruning.key_id}, says where they ended.\n`;
}

async function verifyDatabase({ organization, key }: VerifyOptions): Promise<Outcome> {
  const config = commandConfig();
  const keys = config.jwt.secret === undefined ? undefined : checkpointKeysOf(config);
  const isOurs: IsOurs = (signed, kind) =>
    keys?.hasSigned(signed, kind) === true || (signed.key_id === key && isSigned(signed, kind));
  await using database = await openMigratedDatabase(config);
  await using session = openSession({ dsn: database.ownerDsn, timeoutMs: 60_000 });
  const { db } = session;
  await sealAuditTrail(db, { isPatient: true });
  const chains: (ChainVerdict & { readonly organization: string })[] = [];
  for (const orgId of await organizationsWithTrail(db, organization)) {
    chains.push({ organization: orgId, ...(await verifyChain(db.within({ orgId }), orgId, { isOurs })) });
  }
  return outcomeOfChains(chains);
}

function outcomeOfChains(chains: readonly (ChainVerdict & { readonly organization: string })[]): Outcome {
  const wrong = chains.filter(({ isOk }) => !isOk);
  const entries = chains.reduce((sum, { seq, pruning }) => sum + seq - (pruning?.seq ?? 0), 0);
  const pruned = chains.filter(({ pruning }) => pruning !== null).length;
  return {
    exitCode: wrong.length === 0 ? 0 : 1,
    text:
      wrong.length === 0
        ? `${pluralize(entries, 'entry', 'entries')} of ${pluralize(chains.length, 'organization')}: each is what was sealed.\n` +
          (pruned === 0
            ? ''
            : `Of ${pruned} the oldest entries were removed by the operator, up to a checkpoint that the service has signed.\n`)
        : wrong.map(lineOf).join(''),
    json: {
      ok: wrong.length === 0,
      organizations: chains.map(({ organization: id, isOk, firstBadSeq, unlinkedId, seq, pruning }) => ({
        organization: id,
        ok: isOk,
        firstBadSeq,
        unlinkedEventId: unlinkedId,
        verifiedSeq: seq,
        pruned: pruning,
      })),
    },
  };
}

const lineOf = ({
  organization,
  firstBadSeq,
  unlinkedId,
  seq,
  pruning,
}: ChainVerdict & { readonly organization: string }): string =>
  `${organization}: ${
    seq > 0 && firstBadSeq === seq && pruning?.seq === seq
      ? `entries up to ${seq} were removed, which no key of this service has signed but ${pruning.key_id}: if you noted that one before METADATA_JWT_SECRET was changed, name it with --key`
      : firstBadSeq === null
        ? `the entry ${unlinkedId} was not written as the service does it`
        : `the first bad entry is at ${firstBadSeq}`
  }\n`;
