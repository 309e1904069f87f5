import type { Caller } from '../../platform/auth/caller.ts';
import type { RecordEntry } from '../../platform/changes/change.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import type { AgentConfig, AgentConfigContent } from './agent-config-schemas.ts';
import { agentConfigStore } from './agent-config-store.ts';
import { auditEntry, stampOf } from './config-change.ts';
import { withStoredSecrets } from './config-secrets.ts';
import { keepVersion } from './version-store.ts';

/** Changes fields of a configuration that is locked, which makes a version and an entry; as it is then, or undefined where it says so already. */
export async function applyUpdate(
  tx: Transaction,
  record: RecordEntry,
  caller: Caller,
  before: AgentConfig,
  fields: Partial<AgentConfigContent>,
): Promise<AgentConfig | undefined> {
  const { org_id: orgId, id } = before;
  const stamp = await stampOf(tx, caller, before);
  const after = await agentConfigStore(tx, orgId).update(id, stamp, withStoredSecrets(fields, before));
  if (after !== undefined) {
    tx.later(keepVersion(orgId, after, 'updated', caller.userId));
    record(auditEntry('agent_config.updated', after, { at: stamp.at, before, after }));
  }
  return after;
}
