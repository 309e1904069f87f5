import type { AuditAction } from '../../platform/audit/audit-actions.ts';
import type { Caller } from '../../platform/auth/caller.ts';
import { locate } from '../../platform/auth/locate.ts';
import { change } from '../../platform/changes/change.ts';
import { momentOf, type Stamp } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { requireVersion } from '../../platform/http/precondition.ts';
import { withoutSecrets } from '../agent-configs/index.ts';
import type { Configuration, ConfigurationVersion } from './config-schemas.ts';
import { anotherRevision, configStore } from './config-store.ts';
import { keepVersion } from './version-store.ts';

/** A configuration of a caller, and the version that they expect it to have. */
export interface Meant {
  readonly id: string;
  readonly ifMatch: number | undefined;
  readonly isDeletedIncluded?: boolean;
  /** Looks at what is sent, once the caller may send it, and throws. */
  readonly check?: () => void;
}

export interface Locked {
  readonly tx: Transaction;
  readonly orgId: string;
  readonly before: Configuration;
  readonly stamp: Stamp;
}

type Change = ConfigurationVersion['change'];

const resourceOf = ({ id, team_id }: Pick<Configuration, 'id' | 'team_id'>) => ({
  resourceType: 'config',
  resourceId: id,
  ...(team_id === null ? {} : { teamId: team_id }),
});

/** The configuration, wherever in the caller's organizations, with the route's permission granted on it. */
export async function authorizedConfig(
  db: Database,
  caller: Caller,
  id: string,
  isDeletedIncluded?: boolean,
): Promise<Configuration> {
  const config = await locate(db, caller, { kind: 'config', id }, (within, orgId) =>
    configStore(within, orgId).find(id, isDeletedIncluded),
  );
  caller.authorize({ orgId: config.org_id, teamId: config.team_id });
  return config;
}

/** Throws 403 `auth.person_required`: what a team has decided for itself is changed by its people. */
export function requirePersonForTeam(
  caller: Caller,
  { team_id: teamId }: Pick<Configuration, 'team_id'>,
): void {
  if (teamId !== null && caller.apiKeyId !== null) {
    throw new ApiError('auth.person_required', { why: 'configurations of teams are written by people' });
  }
}

/**
 * Changes a configuration that is locked: `write` answers what it is then, or undefined where it is so already. The version, the audit entry and another
 * revision go with it, in one transaction. The answer shows no secret.
 */
export async function changeConfig(
  db: Database,
  caller: Caller,
  { id, ifMatch, isDeletedIncluded, check }: Meant,
  done: Change,
  write: (locked: Locked) => Promise<Configuration | undefined>,
): Promise<Configuration> {
  const found = await authorizedConfig(db, caller, id, isDeletedIncluded);
  requirePersonForTeam(caller, found);
  check?.();
  const orgId = found.org_id;
  return await change(db, caller, orgId, async (tx, record) => {
    const before = await configStore(tx, orgId).lock(id, isDeletedIncluded);
    if (before === undefined) {
      throw new ApiError('config.not_found');
    }
    requireVersion(ifMatch, before.version);
    const at = await momentOf(tx, orgId, resourceOf(before), before.updated_at);
    const stamp = { by: caller.userId, at };
    const after = await write({ tx, orgId, before, stamp });
    if (after === undefined) {
      return withoutSecrets(before);
    }
    record(leave(tx, after, done, { at, by: caller.userId, before }));
    return withoutSecrets(after);
  });
}

/** What a change leaves behind beside the row: the version, another revision, and the entry of the audit trail, which it answers. */
export function leave(
  tx: Transaction,
  after: Configuration,
  done: Change,
  { at, by, before }: Stamp & { readonly before?: Configuration },
) {
  tx.later(keepVersion(after.org_id, after, done, by));
  tx.later(anotherRevision(after.org_id));
  const action: AuditAction = `config.${done}`;
  const hasBefore = before !== undefined && before.deleted_at === null;
  const hasAfter = after.deleted_at === null;
  return {
    action,
    at,
    ...resourceOf(after),
    ...(hasBefore ? { before } : {}),
    ...(hasAfter ? { after } : {}),
  };
}
