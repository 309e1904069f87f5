import { type Static, Type } from 'typebox';
import type { Checkpoint, CheckpointKeys } from '../../platform/audit/checkpoint.ts';
import { sealAuditTrail } from '../../platform/audit/seal-audit-trail.ts';
import { verifyChain } from '../../platform/audit/verify-chain.ts';
import type { Caller } from '../../platform/auth/caller.ts';
import { readWithin } from '../../platform/auth/read-within.ts';
import { isForWantOfWrites, recordAccess } from '../../platform/changes/record-access.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';
import { LineStream } from '../../platform/http/line-stream.ts';
import type { ChainQuery, ChainVerification } from './chain-schemas.ts';
import { exportedLines } from './exported-lines.ts';

const Head = Type.Object({ seq: Type.Number(), hash: Type.String() });
/** How long a trail is looked at in one request. */
const verifyMs = 5_000;
const noHash = '0'.repeat(64);

/** The audit trail as evidence: its chain, exported, verified and signed. What was committed before a request is in it. */
export class ChainService {
  readonly #db: Database;
  readonly #keys: CheckpointKeys;

  constructor(options: { readonly db: Database; readonly keys: CheckpointKeys }) {
    this.#db = options.db;
    this.#keys = options.keys;
  }

  keys() {
    return { keys: [...this.#keys.published()] };
  }

  async checkpoint(caller: Caller, orgId: string): Promise<Checkpoint> {
    const head = await headOf(await this.#authorized(caller, orgId), orgId);
    return this.#keys.sign({ organization_id: orgId, ...head }, new Date());
  }

  async verify(
    caller: Caller,
    orgId: string,
    { after_seq: after = 0 }: ChainQuery,
  ): Promise<ChainVerification> {
    const within = await this.#authorized(caller, orgId);
    const verdict = await verifyChain(within, orgId, {
      after,
      until: performance.now() + verifyMs,
      isOurs: (signed, kind) => this.#keys.hasSigned(signed, kind),
    });
    return {
      ok: verdict.isOk,
      first_bad_seq: verdict.firstBadSeq,
      unlinked_event_id: verdict.unlinkedId,
      verified_seq: verdict.seq,
      complete: verdict.isComplete,
      pruned: verdict.pruning,
    };
  }

  /** That it was exported is in the trail, 20 times an hour for each reader. */
  async export(caller: Caller, orgId: string, { after_seq: after = 0 }: ChainQuery): Promise<LineStream> {
    const within = await this.#authorized(caller, orgId);
    const { seq: until } = await headOf(within, orgId);
    const lines = await exportedLines(within, orgId, { after, until });
    await recordAccess(
      this.#db,
      orgId,
      { actor: caller, action: 'audit_trail.exported', resourceType: 'organization', resourceId: orgId },
      [
        {
          kind: 'audit-export',
          subject: `${caller.userId} ${caller.apiKeyId ?? ''} ${orgId}`,
          most: 20,
          perSeconds: 3_600,
        },
      ],
    );
    return new LineStream(lines);
  }

  /** The organization's rows for a caller who may read the trail; what waits for its place in the chain has it by then. */
  async #authorized(caller: Caller, orgId: string): Promise<Queryable> {
    await readWithin(this.#db, caller, {
      orgId,
      authorize: () => caller.authorize({ orgId }),
      read: async () => undefined,
    });
    try {
      await sealAuditTrail(this.#db, { isPatient: true });
    } catch (error) {
      if (!isForWantOfWrites(error)) {
        throw error;
      }
    }
    // @NOTE of the primary: a replica may not have what was sealed just now.
    return this.#db.within({ orgId });
  }
}

const headOf = async (within: Queryable, orgId: string): Promise<Static<typeof Head>> =>
  (await within.maybe(
    Head,
    sql`select seq::float8 as seq, encode(hash, 'hex') as hash from audit_chains where org_id = ${orgId}`,
  )) ?? { seq: 0, hash: noHash };
