import { type ApiKey, apiKeyStore, revokeKey } from '../features/api-keys/index.ts';
import { operator } from '../platform/audit/audit-entry.ts';
import { changeBy } from '../platform/changes/change.ts';
import type { Database } from '../platform/database/database.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { commandConfig } from './command-config.ts';
import { findOrganization } from './find-organization.ts';
import { openMigratedDatabase } from './open-database.ts';
import { openSession } from './open-session.ts';
import { report } from './outcome.ts';

export interface ListOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}
export interface RevokeOptions extends ListOptions {
  readonly dryRun?: boolean;
}

/** Shows the keys of an organization, never what they are. */
export async function listApiKeys(organization: string, options: ListOptions): Promise<void> {
  await within(organization, async (db, orgId) => {
    const keys = await apiKeyStore(db.within({ orgId }), orgId).all(options.all ?? false);
    report({ exitCode: 0, text: linesOf(keys), json: { organization: orgId, keys } }, options);
  });
}

/** Revokes keys of an organization, each with an audit entry of the operator; all of them or none. */
export async function revokeApiKeys(
  organization: string,
  ids: readonly string[],
  options: RevokeOptions,
): Promise<void> {
  if (ids.length > 0 === (options.all ?? false)) {
    throw new OperationError('Name the ids of the keys, or say --all');
  }
  await within(organization, async (db, orgId) => {
    const revoked = await changeBy(db, operator, orgId, async (tx, record) => {
      const keys = apiKeyStore(tx, orgId);
      const taken = await keys.all(false);
      const named = options.all ? taken : ids.map((id) => keyNamed(taken, id));
      for (const { id } of options.dryRun ? [] : named) {
        const before = await keys.lock(id);
        if (before !== undefined) {
          await revokeKey(tx, record, { before, by: null });
        }
      }
      return named;
    });
    const text = `${options.dryRun ? 'Nothing was changed. It would be revoked:\n' : 'Revoked:\n'}${linesOf(revoked)}`;
    const json = { isDryRun: options.dryRun ?? false, organization: orgId, revoked };
    report({ exitCode: 0, text, json }, options);
  });
}

async function within(
  organization: string,
  work: (db: Database, orgId: string) => Promise<void>,
): Promise<void> {
  await using database = await openMigratedDatabase(commandConfig());
  await using session = openSession({ dsn: database.ownerDsn, timeoutMs: 10_000 });
  const orgId = await findOrganization(session.db, organization);
  if (orgId === undefined) {
    throw new OperationError(`There is no organization with the id or slug "${organization}"`);
  }
  await work(session.db, orgId);
}

function keyNamed(taken: readonly ApiKey[], id: string): ApiKey {
  const key = taken.find((each) => each.id === id.toLowerCase());
  if (key === undefined) {
    throw new OperationError(`The organization has no API key ${id} that is taken; nothing was revoked`);
  }
  return key;
}

function linesOf(keys: readonly ApiKey[]): string {
  const lines = keys.map(
    ({ id, state, expires_at: end, last_used_at: used, last_used_address: address, scopes, name }) =>
      [
        `${id}  ${state.padEnd(7)}  until ${end}  `,
        used === null ? 'never used' : `used ${used} from ${address ?? 'nowhere'}`,
        `  ${scopes.join(',')}  ${JSON.stringify(name)}\n`,
      ].join(''),
  );
  return keys.length === 0 ? 'No API keys.\n' : lines.join('');
}
