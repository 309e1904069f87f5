import type { ConstraintErrors } from '../../platform/database/database-errors.ts';

export { scimDialect } from './scim-dialect.ts';
export { scimGroupRoutes } from './scim-group-routes.ts';
export { ScimGroupService } from './scim-group-service.ts';
export { scimServiceRoutes, scimUserRoutes } from './scim-routes.ts';
export { ScimUserService } from './scim-user-service.ts';
export { ServiceDescription } from './service-description.ts';

export const scimConstraints: ConstraintErrors = {
  scim_users_user_name_key: 'scim.uniqueness',
  scim_groups_display_name_key: 'scim.uniqueness',
};
