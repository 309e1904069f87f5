import { v7 as uuidv7 } from 'uuid';
import { apiKeyHash, newApiKey } from '../../platform/auth/api-key-secret.ts';
import type { Caller } from '../../platform/auth/caller.ts';
import { locate } from '../../platform/auth/locate.ts';
import { readWithin } from '../../platform/auth/read-within.ts';
import { change, type RecordEntry } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError, invalid } from '../../platform/errors/api-error.ts';
import { type Cursors, isLong, listName, type Page, paginate } from '../../platform/http/cursor.ts';
import { organizationStore } from '../organizations/index.ts';
import {
  authorizeCreation,
  authorizeManagement,
  expiryOf,
  requireOwnKey,
  requireRanges,
  requireUsefulScopes,
} from './api-key-rules.ts';
import type {
  ApiKey,
  ApiKeyListQuery,
  ApiKeyUpdate,
  ApiKeyWithSecret,
  NewApiKey,
  Rotation,
} from './api-key-schemas.ts';
import { apiKeyStore } from './api-key-store.ts';

/** Keys that an organization may have that are not over. */
const keysMax = 500;

/** What agents and senders of alerts call with: see docs/adr/0036-api-keys.md. */
export class ApiKeyService {
  readonly #db: Database;
  readonly #cursors: Cursors;

  constructor({ db, cursors }: { readonly db: Database; readonly cursors: Cursors }) {
    this.#db = db;
    this.#cursors = cursors;
  }

  /** Makes a key that acts for the caller, or for a service account. */
  async create(caller: Caller, orgId: string, draft: NewApiKey): Promise<ApiKeyWithSecret> {
    authorizeCreation(caller, orgId, draft);
    const { name, scopes, team_ids: teamIds = [], address_ranges: addressRanges = [] } = draft;
    requireUsefulScopes(draft);
    requireRanges(addressRanges);
    const expiresAt = expiryOf(draft.expires_at, Date.now());
    const key = newApiKey();
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const keys = apiKeyStore(tx, orgId);
      await organizationStore(tx).lock(orgId);
      if ((await keys.count()) >= keysMax) {
        throw new ApiError('organization.api_key_limit_reached');
      }
      const [missing] = await keys.missingTeams(teamIds);
      if (missing !== undefined) {
        throw invalid(`/team_ids/${missing.index}`, 'must be a team of this organization');
      }
      const id = uuidv7();
      const { service_account_id: accountId } = draft;
      const userId = accountId?.toLowerCase() ?? caller.userId;
      const secretHash = apiKeyHash(key);
      const of = {
        id,
        userId,
        createdBy: caller.userId,
        name,
        scopes,
        teamIds,
        addressRanges,
        secretHash,
        expiresAt,
      };
      if (!(await keys.insert(of))) {
        throw accountId === undefined
          ? new ApiError('auth.unauthenticated')
          : invalid('/service_account_id', 'must be an active service account of this organization');
      }
      const made = await found(keys.find(id));
      record({ ...resourceOf(id), at: made.created_at, action: 'api_key.created', after: made });
      return { ...made, key };
    });
  }

  /** Those that the caller may manage. */
  async list(caller: Caller, orgId: string, query: ApiKeyListQuery): Promise<Page<ApiKey>> {
    return await readWithin(this.#db, caller, {
      orgId,
      authorize: () => caller.authorize({ orgId }),
      isSlow: isLong(query),
      read: (within) =>
        paginate<typeof ApiKey>({
          cursors: this.#cursors,
          list: listName('api-keys', { orgId, userId: caller.userId }),
          query,
          key: { at: sql`k.created_at`, id: sql`k.id`, idType: sql`uuid` },
          positionOf: (key) => ({ at: key.created_at, id: key.id }),
          fetch: (rest) => apiKeyStore(within, orgId).page(caller.userId, rest),
        }),
    });
  }

  async get(caller: Caller, id: string): Promise<ApiKey> {
    const key = await locate(this.#db, caller, { kind: 'api_key', id }, (within, orgId) =>
      apiKeyStore(within, orgId).find(id),
    );
    authorizeManagement(caller, key);
    return key;
  }

  async update(caller: Caller, id: string, fields: ApiKeyUpdate): Promise<ApiKey> {
    const { org_id: orgId } = await this.get(caller, id);
    requireRanges(fields.address_ranges);
    return await this.#change(caller, orgId, id, async (tx, record, before) => {
      requireActive(before);
      if (fields.expires_at !== undefined && Date.parse(fields.expires_at) > Date.parse(before.expires_at)) {
        throw invalid('/expires_at', 'must not be later than so far; rotate the key instead');
      }
      if (saysSo(before, fields)) {
        return before;
      }
      const at = await momentOf(tx, orgId, resourceOf(id), before.updated_at);
      const keys = apiKeyStore(tx, orgId);
      await keys.update(id, { by: caller.userId, at }, fields);
      const after = await found(keys.find(id));
      record({ ...resourceOf(id), at, action: 'api_key.updated', before, after });
      return after;
    });
  }

  /** Replaces the secret; the one so far is taken beside it for `overlap_seconds`, the one before that not any more. */
  async rotate(caller: Caller, id: string, rotation: Rotation): Promise<ApiKeyWithSecret> {
    const located = await this.get(caller, id);
    requireOwnKey(caller, located);
    const { org_id: orgId } = located;
    const expiresAt = rotation.expires_at && expiryOf(rotation.expires_at, Date.now());
    const key = newApiKey();
    const after = await this.#change(caller, orgId, id, async (tx, record, before) => {
      requireActive(before);
      const at = await momentOf(tx, orgId, resourceOf(id), before.updated_at);
      const keys = apiKeyStore(tx, orgId);
      await keys.rotate(
        id,
        { by: caller.userId, at },
        {
          secretHash: apiKeyHash(key),
          overlapSeconds: rotation.overlap_seconds ?? 0,
          expiresAt: expiresAt ?? before.expires_at,
        },
      );
      const rotated = await found(keys.find(id));
      record({ ...resourceOf(id), at, action: 'api_key.rotated', before, after: rotated });
      return rotated;
    });
    return { ...after, key };
  }

  /** Ends a key for good, at the very next request on every instance; nothing where it is revoked already. */
  async revoke(caller: Caller, id: string): Promise<void> {
    const { org_id: orgId } = await this.get(caller, id);
    await this.#change(caller, orgId, id, (tx, record, before) =>
      revokeKey(tx, record, { before, by: caller.userId }),
    );
  }

  #change<Result>(
    caller: Caller,
    orgId: string,
    id: string,
    work: (tx: Transaction, record: RecordEntry, before: ApiKey) => Promise<Result>,
  ): Promise<Result> {
    return change(this.#db, caller, orgId, async (tx, record) => {
      const before = await found(apiKeyStore(tx, orgId).lock(id));
      authorizeManagement(caller, before);
      return await work(tx, record, before);
    });
  }
}

/** Revokes a key that is locked, with its audit entry; `by` is null for the operator. */
export async function revokeKey(
  tx: Transaction,
  record: RecordEntry,
  { before, by }: { readonly before: ApiKey; readonly by: string | null },
): Promise<void> {
  const { id, org_id: orgId } = before;
  if (before.revoked_at !== null) {
    return;
  }
  const at = await momentOf(tx, orgId, resourceOf(id), before.updated_at);
  const keys = apiKeyStore(tx, orgId);
  await keys.revoke(id, { by, at });
  record({ ...resourceOf(id), at, action: 'api_key.revoked', before, after: await found(keys.find(id)) });
}

const resourceOf = (id: string) => ({ resourceType: 'api_key', resourceId: id });

async function found(looking: Promise<ApiKey | undefined>): Promise<ApiKey> {
  const key = await looking;
  if (key === undefined) {
    throw new ApiError('api_key.not_found');
  }
  return key;
}

function requireActive({ state }: ApiKey): void {
  if (state !== 'active') {
    throw new ApiError('api_key.over');
  }
}

/** Whether a key is already as it is to be. */
const saysSo = (key: ApiKey, { name, address_ranges: ranges, expires_at: end }: ApiKeyUpdate): boolean =>
  (name === undefined || name === key.name) &&
  (ranges === undefined || JSON.stringify(ranges) === JSON.stringify(key.address_ranges)) &&
  (end === undefined || Date.parse(end) === Date.parse(key.expires_at));
