import type { AuditAction } from '../../platform/audit/audit-actions.ts';
import type { Caller } from '../../platform/auth/caller.ts';
import { momentOf, type Stamp } from '../../platform/changes/moment.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { AgentConfig } from './agent-config-schemas.ts';
import { agentConfigStore } from './agent-config-store.ts';

/** The configuration, locked until the transaction ends; 404 where it was deleted meanwhile. */
export async function lockedConfig(
  tx: Transaction,
  orgId: string,
  id: string,
  isDeletedIncluded?: boolean,
): Promise<AgentConfig> {
  const config = await agentConfigStore(tx, orgId).lock(id, isDeletedIncluded);
  if (config === undefined) {
    throw new ApiError('agent_config.not_found');
  }
  return config;
}

const resourceOf = ({ id, team_id }: AgentConfig) => ({
  resourceType: 'agent_config',
  resourceId: id,
  teamId: team_id,
});

/** Who changes a configuration that is locked, and when. */
export const stampOf = async (tx: Transaction, caller: Caller, locked: AgentConfig): Promise<Stamp> => ({
  by: caller.userId,
  at: await momentOf(tx, locked.org_id, resourceOf(locked), locked.updated_at),
});

/** What the audit trail says of a change to a configuration. */
export const auditEntry = (
  action: AuditAction,
  config: AgentConfig,
  change: { at: string; before?: AgentConfig; after?: AgentConfig },
) => ({ action, ...resourceOf(config), ...change });
