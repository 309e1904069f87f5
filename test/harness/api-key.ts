import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { apiKeyHash, newApiKey } from '../../src/platform/auth/api-key-secret.ts';
import type { Scope } from '../../src/platform/auth/scopes.ts';

export interface KeyRow {
  readonly orgId: string;
  readonly userId: string;
  readonly scopes: readonly Scope[];
  readonly teamIds?: readonly string[];
  readonly addressRanges?: readonly string[];
  /** Who made it; that user by default. */
  readonly createdBy?: string;
}

/** A key of a user, as a row: for tests of what keys may, and not of how they are made. */
export async function keyOf(
  superuser: pg.Pool,
  { orgId, userId, scopes, teamIds = [], addressRanges = [], createdBy = userId }: KeyRow,
): Promise<{ id: string; key: string }> {
  const [id, key] = [randomUUID(), newApiKey()];
  const { rowCount } = await superuser.query(
    `insert into api_keys (org_id, id, user_id, name, scopes, team_ids, address_ranges, secret_hash, generation, epoch,
       created_by, updated_by, expires_at)
     select $1, $2, u.id, 'Of a test', $4, $5, $6, decode($7, 'hex'), u.key_generation, e.epoch, $8, $8,
       now() + interval '1 day'
     from users u, credential_epoch e where u.id = $3`,
    [orgId, id, userId, scopes, teamIds, addressRanges, apiKeyHash(key), createdBy],
  );
  if (rowCount !== 1) {
    throw new Error(`there is no user ${userId}`);
  }
  return { id, key };
}
