import { route } from '../../platform/http/route.ts';
import { OrganizationPath } from '../organizations/index.ts';
import { AuditListQuery, AuditPage } from './audit-schemas.ts';
import type { AuditService } from './audit-service.ts';

export const auditRoutes = (audit: AuditService) => [
  route({
    method: 'GET',
    url: '/organizations/:org_id/audit-events',
    operationId: 'listAuditEvents',
    tag: 'Audit trail',
    summary: 'Read the audit trail of the organization, newest first',
    description:
      'Who changed what, from where, before and after; secrets are masked. Of one resource, entries are in the order in which its changes took effect.',
    permission: 'audit:read',
    params: OrganizationPath,
    query: AuditListQuery,
    status: 200,
    reply: AuditPage,
    handle: ({ caller, params, query }) => audit.list(caller, params.org_id, query),
  }),
];
