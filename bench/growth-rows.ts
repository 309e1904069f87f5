import type { Row } from './requests/catalogue.ts';
import { rows } from './requests/catalogue.ts';
import { words } from './requests/dataset.ts';
import type { Service } from './requests/subjects.ts';

/** A request whose cost is looked at as data grow. */
export interface GrowthRow extends Row {
  /** A search or a filter, which may cost a few plain lists; else it must cost about the same, however much there is. */
  readonly isSearch: boolean;
}

const known = (name: string): GrowthRow => {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) {
    throw new Error(`there is no row "${name}"`);
  }
  return { ...row, isSearch: false };
};

const asked = (title: string, path: (service: Service) => string): GrowthRow => ({
  name: title,
  title,
  subject: 'service',
  group: 'searches',
  isSearch: true,
  requests: (service) => [{ method: 'GET', path: `/api/v1${path(service)}`, token: service.token }],
});
const ofTeam = (query: string): GrowthRow =>
  asked(`of a team, ${query}`, ({ teamId, ids }) => `/teams/${teamId}/incidents?${filled(query, ids)}`);
const ofOrganization = (query: string): GrowthRow =>
  asked(
    `of the organization, ${query}`,
    ({ orgId, ids }) => `/organizations/${orgId}/incidents?${filled(query, ids)}`,
  );
const filled = (query: string, { users: [user = ''] }: Service['ids']): string =>
  encodeURI(query).replace('somebody', user);

const filters = [
  'status=open',
  'status=cancelled',
  'priority=critical',
  'status=in_progress&priority=low',
  'assigned_to=somebody',
  'assigned_to=somebody&status=open',
  'since=2020-01-01T00:00:00Z',
  'include_deleted=true',
];
const searches = [
  `q=${words.frequent}`,
  `q=${words.absent}`,
  'q="checkout: certificate expires soon"',
  'q=checkout certificate ap-south-1',
  `q=${words.frequent} certificate`,
  `q=${words.absent}&status=open`,
  'q=zq',
  'tag=checkout',
  'tag=checkout&tag=sa-east-1',
  'tag=absent',
  `tag=checkout&q=${words.frequent}`,
];

/** The first is the plain list that searches are compared with. */
export const growthRows: readonly GrowthRow[] = [
  known('incidents'),
  known('incidents-page-1000'),
  known('incidents-organization'),
  known('incident'),
  known('user'),
  known('users'),
  known('audit'),
  known('stats'),
  known('create'),
  ...[...filters, ...searches].map(ofTeam),
  ...[
    ...filters,
    'sort=updated_at',
    'sort=-updated_at',
    'updated_since=2020-01-01T00:00:00Z',
    ...searches,
  ].map(ofOrganization),
];
