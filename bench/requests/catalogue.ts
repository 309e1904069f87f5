import { words } from './dataset.ts';
import { createIncident, readIncident } from './pgbench-scripts.ts';
import type { Service } from './subjects.ts';
import type { Request } from './wrk.ts';

/** Rows that are of a size, and so can be shown in one picture. */
export type Group = 'look-ups' | 'lists' | 'searches' | 'writes';

/** What is measured: a request of the service or of a floor, or a transaction of pgbench. */
export interface Row {
  /** As `--rows` names it. */
  readonly name: string;
  readonly title: string;
  readonly subject: 'service' | 'earlier' | 'http' | 'fastify' | 'pgbench';
  readonly group: Group;
  /** What is sent in turn; ids are those of the service. */
  readonly requests?: (service: Service) => readonly Request[];
  /** What pgbench runs. */
  readonly script?: (service: Service) => string;
  /** At most as many clients at once. */
  readonly connectionsMax?: number;
  /** The rows that it is compared with, in the same round. */
  readonly against?: readonly string[];
  /** Of the first of these. */
  readonly goal?: { readonly rateMin?: number; readonly cpuMax?: number };
}

const api = '/api/v1';
const get = (token: string, path: string): Request => ({ method: 'GET', path: `${api}${path}`, token });
const bare = (path: string): Request => ({ method: 'GET', path });

type Ungrouped = Omit<Row, 'group'>;
const grouped = (group: Group, rows: readonly Ungrouped[]): Row[] => rows.map((row) => ({ ...row, group }));
const ofService = (
  name: string,
  title: string,
  requests: NonNullable<Row['requests']>,
  rest: Pick<Row, 'against' | 'goal' | 'connectionsMax'> = {},
): Ungrouped => ({ name, title, subject: 'service', requests, ...rest });
const ofFloor = (name: string, title: string, path: (service: Service) => readonly string[]): Ungrouped => ({
  name,
  title,
  subject: 'fastify',
  requests: (service) => path(service).map(bare),
});
/** One request of the team's or the organization's lists. */
const list = (
  name: string,
  title: string,
  path: (service: Service) => string,
  rest: Pick<Row, 'against' | 'goal' | 'connectionsMax'>,
): Ungrouped => ofService(name, title, (service) => [get(service.token, path(service))], rest);

const incidents = ({ teamId }: Service): string => `/teams/${teamId}/incidents`;
const toPlainList = (rateMin: number) => ({ against: ['incidents'], goal: { rateMin } });
/** So many slow reads may one caller have under way and waiting (ADR 0037): what is refused beyond that says nothing of their cost. */
const shareOfCaller = 25;
const toPlainListWithinShare = (rateMin: number) => ({
  ...toPlainList(rateMin),
  connectionsMax: shareOfCaller,
});
const likePlainList = { against: ['incidents'], goal: { cpuMax: 1.3 } };

const lookUps = grouped('look-ups', [
  { name: 'node-http', title: 'bare node:http', subject: 'http', requests: () => [bare('/')] },
  ofFloor('fastify', 'bare Fastify with a reply schema', () => ['/live']),
  ofService('health', 'GET /health/live', () => [bare('/health/live')], {
    against: ['fastify', 'node-http'],
    goal: { rateMin: 0.7 },
  }),
  ofFloor('fastify-user', 'Fastify + pg, a user by key', ({ ids }) => ids.users.map((id) => `/users/${id}`)),
  ofService('user', 'a user by id', ({ token, ids }) => ids.users.map((id) => get(token, `/users/${id}`)), {
    against: ['fastify-user'],
    goal: { rateMin: 0.85 },
  }),
  ofService('me', '/auth/me', ({ token }) => [get(token, '/auth/me')], {
    against: ['fastify-user'],
    goal: { rateMin: 0.9 },
  }),
  {
    name: 'pgbench-incident',
    title: 'pgbench, an incident by key',
    subject: 'pgbench',
    script: readIncident,
  },
  ofFloor('fastify-incident', 'Fastify + pg, an incident by key', ({ orgId, ids }) =>
    ids.incidents.map((id) => `/${orgId}/incidents/${id}`),
  ),
  ofService(
    'incident',
    'an incident by id',
    ({ token, ids }) => ids.incidents.map((id) => get(token, `/incidents/${id}`)),
    { against: ['fastify-incident', 'pgbench-incident'], goal: { rateMin: 0.8 } },
  ),
]);

const lists = grouped('lists', [
  ofFloor('fastify-list', 'Fastify + pg, 20 incidents', ({ orgId, teamId }) => [
    `/${orgId}/teams/${teamId}/incidents`,
  ]),
  ofFloor('fastify-json', 'Fastify + pg, 20 incidents as JSON of PostgreSQL', ({ orgId, teamId }) => [
    `/${orgId}/teams/${teamId}/incidents-as-json`,
  ]),
  list('incidents', '20 incidents of a team', incidents, {
    against: ['fastify-list', 'fastify-json'],
    goal: { rateMin: 1 },
  }),
  list(
    'incidents-page-1000',
    'page 1,000 of these',
    (service) => `${incidents(service)}?cursor=${service.farCursor}`,
    likePlainList,
  ),
  list(
    'incidents-filtered',
    'these, open and critical',
    (service) => `${incidents(service)}?status=open&priority=critical`,
    toPlainList(0.33),
  ),
  list(
    'incidents-organization',
    '20 incidents of the organization',
    ({ orgId }) => `/organizations/${orgId}/incidents`,
    toPlainListWithinShare(0.33),
  ),
  list(
    'incidents-tagged',
    'these, by a tag',
    ({ orgId }) => `/organizations/${orgId}/incidents?tags=checkout`,
    toPlainListWithinShare(0.33),
  ),
  list('users', '20 users', ({ orgId }) => `/organizations/${orgId}/users`, likePlainList),
  list('audit', '20 audit events', ({ orgId }) => `/organizations/${orgId}/audit-events`, likePlainList),
  list('stats', '20 stats of a team', ({ teamId }) => `/teams/${teamId}/stats`, likePlainList),
]);

const searches = grouped('searches', [
  list(
    'search-frequent',
    'incidents of a team, q= a frequent word',
    (service) => `${incidents(service)}?q=${words.frequent}`,
    toPlainListWithinShare(0.33),
  ),
  list(
    'search-none',
    'incidents of a team, q= no hit',
    (service) => `${incidents(service)}?q=${words.absent}`,
    toPlainListWithinShare(0.33),
  ),
  list(
    'search-organization',
    'incidents of the organization, q= no hit',
    ({ orgId }) => `/organizations/${orgId}/incidents?q=${words.absent}`,
    toPlainListWithinShare(0.33),
  ),
]);

const newIncident = {
  title: 'checkout: p99 latency is above the objective in eu-west-1',
  description:
    '7 % of the requests to checkout in eu-west-1 failed over the last 12 minutes; the threshold is 1 %. The dashboard shows no change of traffic.',
  priority: 'high',
  tags: ['checkout', 'eu-west-1'],
  incident_metadata: { alert: 'CheckoutAlert', source: 'prometheus', value: 7.25 },
};

const writes = grouped('writes', [
  {
    name: 'pgbench-create',
    title: 'pgbench, the rows of a new incident in one transaction',
    subject: 'pgbench',
    script: createIncident,
  },
  ofService(
    'create',
    'POST an incident',
    ({ token, teamId }) => [
      { method: 'POST', path: `${api}/teams/${teamId}/incidents`, token, body: newIncident },
    ],
    { against: ['pgbench-create'], goal: { rateMin: 0.6 } },
  ),
  ofService('configure', 'PUT an agent configuration', ({ token, ids }) =>
    // Each in turn, and with another value each time that it comes round: a write that changes nothing is none.
    [301, 302].flatMap((execution_timeout_seconds) =>
      ids.configs.map((id) => ({
        method: 'PUT' as const,
        path: `${api}/agent-configs/${id}`,
        token,
        body: { execution_timeout_seconds },
      })),
    ),
  ),
  ofService('login', 'POST /auth/login (Argon2id)', ({ login }) => [
    { method: 'POST', path: `${api}/auth/login`, body: login },
  ]),
]);

/** @NOTE in the order in which they are measured: what is compared stands side by side, for the pace of a shared machine changes. */
export const rows: readonly Row[] = [...lookUps, ...lists, ...searches, ...writes];

/** The same rows of an earlier version, each measured beside that of this one and compared with it. */
export const besideEarlier = (rows: readonly Row[]): Row[] =>
  rows.flatMap(({ goal, ...row }) =>
    row.subject !== 'service'
      ? [row]
      : [
          {
            ...row,
            ...(goal === undefined ? {} : { goal }),
            against: [...(row.against ?? []), nameThen(row.name)],
          },
          { ...row, name: nameThen(row.name), subject: 'earlier' as const, against: [] },
        ],
  );

/** The name of a row of an earlier version. */
export const nameThen = (name: string): string => `${name} then`;
