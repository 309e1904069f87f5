import pg from 'pg';
import { Type } from 'typebox';
import type { IdempotentRequest } from '../auth/caller.ts';
import type { Principal } from '../auth/principal.ts';
import { sql } from '../database/sql.ts';
import type { Transaction } from '../database/transaction.ts';
import { ApiError, invalid } from '../errors/api-error.ts';
import { JsonObject, nullable } from '../schemas/common-schemas.ts';
import type { PayloadFingerprints } from './payload-fingerprints.ts';

const Kept = Type.Object({ is_same: Type.Boolean(), reply: nullable(JsonObject) });

/** Reads the Idempotency-Key header; throws 422 where it is not 1 to 255 printable ASCII characters. */
export function idempotentRequest(
  key: string | undefined,
  route: string,
  payload: unknown,
  fingerprints: Pick<PayloadFingerprints, 'of'>,
): IdempotentRequest | undefined {
  if (key === undefined) {
    return undefined;
  }
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalid('/headers/idempotency-key', 'must be 1 to 255 printable ASCII characters without spaces');
  }
  return { key, route, fingerprint: fingerprints.of(payload) };
}

/** The replies kept for a principal's keys, each in the transaction that made it. */
export function idempotencyStore(
  tx: Transaction,
  principal: Pick<Principal, 'userId' | 'orgId' | 'apiKey'>,
  request: IdempotentRequest,
) {
  const { orgId, userId: principalId, apiKey } = principal;
  const { key, fingerprint } = request;
  // @NOTE keys that act for one user know nothing of each other: what one of them made is no reply to another.
  const route = apiKey === undefined ? request.route : `${apiKey.id} ${request.route}`;
  const isThisKey = sql`org_id = ${orgId} and principal_id = ${principalId} and route = ${route} and key = ${key}`;

  return {
    /**
     * Takes the key, or gives the reply that it stands for. Waits for a request that holds the key just now, for the
     * lock timeout at most, then 409; 422 where the key stands for another payload.
     */
    async take(): Promise<Record<string, unknown> | undefined> {
      await tx.run(
        sql`delete from idempotency_keys where principal_id = ${principalId} and expires_at <= now()`,
      );
      try {
        const taken = await tx.run(
          sql`insert into idempotency_keys (org_id, principal_id, route, key, fingerprint)
              values (${orgId}, ${principalId}, ${route}, ${key}, ${fingerprint[0]}) on conflict do nothing`,
        );
        if (taken === 1) {
          return undefined;
        }
      } catch (error) {
        if (error instanceof pg.DatabaseError && error.code === '55P03') {
          throw new ApiError('idempotency.in_progress', { cause: error, retryAfterSeconds: 1 });
        }
        throw error;
      }
      return await this.find();
    },

    /** The reply that the key stands for, if any; 422 where the key stands for another payload. */
    async find(): Promise<Record<string, unknown> | undefined> {
      const kept = await tx.maybe(
        Kept,
        sql`select fingerprint = any(${fingerprint}::bytea[]) as is_same, reply from idempotency_keys
            where ${isThisKey} and expires_at > now()`,
      );
      if (kept?.is_same === false) {
        throw new ApiError('idempotency.payload_mismatch');
      }
      return kept?.reply ?? undefined;
    },

    /** Keeps the reply for a day, with the commit. */
    keep(reply: unknown): void {
      tx.later(sql`update idempotency_keys set reply = ${JSON.stringify(reply)} where ${isThisKey}`);
    },
  };
}
