import type { ConstraintErrors } from '../../platform/database/database-errors.ts';

export { organizationRoutes } from './organization-routes.ts';
export {
  Description,
  Name,
  Organization,
  OrganizationPath,
  Slug,
  SlugOrMade,
} from './organization-schemas.ts';
export { type OrganizationQuotas, OrganizationService } from './organization-service.ts';
export { hasOrganizations, organizationStore } from './organization-store.ts';
export { slugCandidates } from './slug.ts';

export const organizationConstraints: ConstraintErrors = {
  organizations_name_key: 'organization.name_taken',
  organizations_slug_key: 'organization.slug_taken',
};
