import type { ConstraintErrors } from '../../platform/database/database-errors.ts';

export { forgetGroupsOf, rejoinGroups, setGroupMembers } from './directory-groups.ts';
export { setExternalGroups } from './external-groups.ts';
export { groupMappingRoutes } from './group-mapping-routes.ts';
export { GroupMappingService } from './group-mapping-service.ts';

export const groupMappingConstraints: ConstraintErrors = {
  group_mappings_group_key: 'group_mapping.exists',
  group_mappings_team_fkey: 'team.not_found',
};
