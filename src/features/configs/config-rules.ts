import type { Queryable } from '../../platform/database/queryable.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { organizationStore } from '../organizations/index.ts';
import { patternsOf } from './alert-match.ts';
import type { Configuration, NewConfiguration } from './config-schemas.ts';
import { configStore } from './config-store.ts';
import { requirePattern } from './patterns.ts';

/** Configurations that an organization may have, the deleted aside. */
const configsMax = 1_000;
/** What those that are not archived may weigh in all (`weight.ts`): an explained answer is at most as large. */
const weightMax = 4 * 1024 * 1024;

/** Throws 422 `config.layer_mismatch` where a layer has what it does not take, or lacks what it takes. */
export function requireFitting({ layer, team_id: teamId, match }: NewConfiguration): void {
  if ((layer === 'team') !== (teamId != null)) {
    throw mismatch('/team_id', layer, layer === 'team');
  }
  if ((layer === 'alert') !== (match != null)) {
    throw mismatch('/match', layer, layer === 'alert');
  }
}

export function mismatch(pointer: string, layer: Configuration['layer'], isNeeded = false): ApiError {
  const message = isNeeded ? `is required in the layer ${layer}` : `has no place in the layer ${layer}`;
  return new ApiError('config.layer_mismatch', {
    detail: `${pointer} ${message}`,
    faults: [{ pointer, message }],
  });
}

/** Throws 422 `config.pattern_invalid`. */
export function requirePatterns(match: Configuration['match'] | undefined): void {
  for (const [pointer, pattern] of patternsOf(match ?? {})) {
    requirePattern(pattern, pointer);
  }
}

/**
 * Throws 409 `organization.config_limit_reached` where the organization has no room for one configuration more, or for more weight. It locks the
 * organization until the transaction ends.
 */
export async function requireRoom(
  tx: Queryable,
  orgId: string,
  more: { readonly count: number; readonly weight: number },
): Promise<void> {
  await organizationStore(tx).lock(orgId);
  const { count, weight } = await configStore(tx, orgId).taken();
  if (count + more.count > configsMax || weight + more.weight > weightMax) {
    throw new ApiError('organization.config_limit_reached');
  }
}
