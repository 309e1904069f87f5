import { publicRoute, route } from '../../platform/http/route.ts';
import { exactly } from '../../platform/schemas/common-schemas.ts';
import { OrganizationPath } from '../organizations/index.ts';
import { AuditKeys, ChainCheckpoint, ChainLink, ChainQuery, ChainVerification } from './chain-schemas.ts';
import type { ChainService } from './chain-service.ts';

const ofTrail = '/organizations/:org_id/audit-events';

/** The audit trail as evidence. */
export const chainRoutes = (chain: ChainService) => [
  route({
    method: 'GET',
    url: `${ofTrail}/export`,
    operationId: 'exportAuditEvents',
    tag: 'Audit trail',
    summary: 'Export the audit trail of the organization with its chain, oldest first',
    description:
      'An entry a line, each with its link in the chain: `brownie audit verify` compares them with a checkpoint, without a database. An answer that is cut off lacks lines; the checkpoint shows that.',
    permission: 'audit:read',
    params: OrganizationPath,
    query: ChainQuery,
    status: 200,
    reply: ChainLink,
    streamsLines: true,
    handle: ({ caller, params, query }) => chain.export(caller, params.org_id, query),
  }),
  route({
    method: 'GET',
    url: `${ofTrail}/verify`,
    operationId: 'verifyAuditEvents',
    tag: 'Audit trail',
    summary: 'Compare the audit trail of the organization with its chain',
    description:
      'Finds entries that were changed, removed, put in or put elsewhere behind the back of the service. What was cut from the end with all traces of it, a checkpoint alone shows that was kept elsewhere.',
    permission: 'audit:read',
    params: OrganizationPath,
    query: ChainQuery,
    status: 200,
    reply: ChainVerification,
    handle: ({ caller, params, query }) => chain.verify(caller, params.org_id, query),
  }),
  route({
    method: 'GET',
    url: `${ofTrail}/checkpoint`,
    operationId: 'getAuditCheckpoint',
    tag: 'Audit trail',
    summary: 'Get a signed checkpoint of the audit trail',
    description: 'Keep it where nobody who keeps the database can change it.',
    permission: 'audit:read',
    params: OrganizationPath,
    status: 200,
    reply: ChainCheckpoint,
    handle: ({ caller, params }) => chain.checkpoint(caller, params.org_id),
  }),
  publicRoute({
    method: 'GET',
    url: '/audit-keys',
    operationId: 'getAuditKeys',
    tag: 'Audit trail',
    summary: 'Get the public keys that checkpoints of audit trails are signed with',
    permission: 'public',
    query: exactly({}),
    status: 200,
    reply: AuditKeys,
    handle: async () => chain.keys(),
  }),
];
