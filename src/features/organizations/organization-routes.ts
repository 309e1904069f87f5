import { Type } from 'typebox';
import { route } from '../../platform/http/route.ts';
import {
  NewOrganization,
  Organization,
  OrganizationPath,
  OrganizationUpdate,
} from './organization-schemas.ts';
import type { OrganizationService } from './organization-service.ts';

const tag = 'Organizations';

export const organizationRoutes = (organizations: OrganizationService) => [
  route({
    method: 'POST',
    url: '/organizations',
    operationId: 'createOrganization',
    tag,
    summary: 'Create an organization; the caller becomes its owner',
    permission: 'organization:create',
    body: NewOrganization,
    example: { name: 'Acme Operations', description: 'Runs the Acme platform' },
    status: 200,
    reply: Organization,
    errors: [
      'organization.name_taken',
      'organization.slug_taken',
      'organization.limit_fixed',
      'user.organization_limit_reached',
    ],
    idempotent: true,
    handle: ({ caller, body }) => organizations.create(caller, body),
  }),
  route({
    method: 'GET',
    url: '/organizations',
    operationId: 'listOrganizations',
    tag,
    summary: 'List the organizations the caller belongs to',
    permission: 'organization:list',
    status: 200,
    reply: Type.Array(Organization),
    handle: ({ caller }) => organizations.list(caller),
  }),
  route({
    method: 'GET',
    url: '/organizations/:org_id',
    operationId: 'getOrganization',
    tag,
    summary: 'Read an organization',
    permission: 'organization:read',
    params: OrganizationPath,
    status: 200,
    reply: Organization,
    errors: ['organization.not_found'],
    handle: ({ caller, params }) => organizations.get(caller, params.org_id),
  }),
  route({
    method: 'PUT',
    url: '/organizations/:org_id',
    operationId: 'updateOrganization',
    tag,
    summary: 'Change fields of an organization',
    description:
      'Only the fields that are given change. Limits can be lowered here; the operator raises them.',
    permission: 'organization:update',
    params: OrganizationPath,
    body: OrganizationUpdate,
    example: { description: 'Runs the Acme platform, day and night' },
    status: 200,
    reply: Organization,
    errors: ['organization.name_taken', 'organization.slug_taken', 'organization.limit_fixed'],
    handle: ({ caller, params, body }) => organizations.update(caller, params.org_id, body),
  }),
];
