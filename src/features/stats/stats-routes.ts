import { route } from '../../platform/http/route.ts';
import { Message } from '../../platform/schemas/common-schemas.ts';
import { OrganizationPath } from '../organizations/index.ts';
import { TeamPath } from '../teams/index.ts';
import { NewStat, Stat, StatListQuery, StatPage, StatPath } from './stats-schemas.ts';
import type { StatsService } from './stats-service.ts';

const tag = 'Stats';

export const statsRoutes = (stats: StatsService) => [
  route({
    method: 'POST',
    url: '/teams/:team_id/stats',
    operationId: 'createStat',
    tag,
    summary: 'Record a measured value of the team',
    permission: 'stats:create',
    params: TeamPath,
    body: NewStat,
    example: {
      metric_name: 'mttr_minutes',
      metric_type: 'gauge',
      value: 42.5,
      time_window: '1h',
      labels: { service: 'checkout' },
      unit: 'minutes',
    },
    status: 200,
    reply: Stat,
    errors: ['request.path_mismatch', 'team.not_found'],
    idempotent: true,
    handle: ({ caller, params, body }) => stats.create(caller, params.team_id, body),
  }),
  route({
    method: 'GET',
    url: '/teams/:team_id/stats',
    operationId: 'listTeamStats',
    tag,
    summary: 'List the measured values of the team, newest first',
    permission: 'stats:read',
    params: TeamPath,
    query: StatListQuery,
    status: 200,
    reply: StatPage,
    errors: ['team.not_found'],
    handle: ({ caller, params, query }) => stats.listOfTeam(caller, params.team_id, query),
  }),
  route({
    method: 'GET',
    url: '/organizations/:org_id/stats',
    operationId: 'listOrganizationStats',
    tag,
    summary: 'List the measured values of the teams that the caller may read, newest first',
    permission: 'stats:list_organization',
    params: OrganizationPath,
    query: StatListQuery,
    status: 200,
    reply: StatPage,
    handle: ({ caller, params, query }) => stats.listOfOrganization(caller, params.org_id, query),
  }),
  route({
    method: 'GET',
    url: '/stats/:stats_id',
    operationId: 'getStat',
    tag,
    summary: 'Read a measured value',
    permission: 'stats:read',
    params: StatPath,
    status: 200,
    reply: Stat,
    errors: ['stats.not_found'],
    handle: ({ caller, params }) => stats.get(caller, params.stats_id),
  }),
  route({
    method: 'DELETE',
    url: '/stats/:stats_id',
    operationId: 'deleteStat',
    tag,
    summary: 'Delete a measured value for good',
    permission: 'stats:delete',
    params: StatPath,
    status: 200,
    reply: Message,
    errors: ['stats.not_found'],
    handle: ({ caller, params }) => stats.delete(caller, params.stats_id),
  }),
];
