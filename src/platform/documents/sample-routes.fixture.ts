import { Type } from 'typebox';
import { publicRoute, type Route, route } from '../http/route.ts';
import {
  exactly,
  Message,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  Timestamp,
  Uuid,
} from '../schemas/common-schemas.ts';

const Owner = exactly({ id: Uuid, name: Type.String({ examples: ['Ada'] }) }, { title: 'Owner' });

export const Brownie = exactly(
  {
    id: Uuid,
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '^[a-z ]+$', examples: ['walnut'] }),
    size: oneOf(['small', 'large']),
    owner: Owner,
    eaten_at: nullable(Timestamp),
    note: nullable(Type.String()),
    pieces: Type.Integer({ minimum: 1 }),
  },
  { title: 'Brownie' },
);

const NewBrownie = exactly(
  { name: Type.String({ examples: ['walnut'] }), size: Type.Optional(oneOf(['small', 'large'])) },
  { title: 'New Brownie' },
);

const BrowniePath = exactly({ brownie_id: Uuid });

const unused = async (): Promise<never> => {
  throw new Error('Never called');
};

const tag = 'Brownies';

/** One route of each kind: paging, creating with an Idempotency-Key, updating with If-Match, public, open to all. */
export const sampleRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: '/brownies',
    operationId: 'listBrownies',
    tag,
    summary: 'List brownies',
    permission: 'incident:read',
    query: exactly({ ...pageQuery, size: Type.Optional(oneOf(['small', 'large'])), baker: Type.String() }),
    status: 200,
    reply: pageOf(Brownie, 'Brownie Page'),
    handle: unused,
  }),
  route({
    method: 'POST',
    url: '/brownies',
    operationId: 'bakeBrownie',
    tag,
    summary: 'Bake a brownie',
    description: 'Takes a while.',
    permission: 'incident:create',
    body: NewBrownie,
    example: { name: 'double chocolate' },
    status: 201,
    reply: Brownie,
    errors: ['team.name_taken', 'rate.limited'],
    idempotent: true,
    location: ({ id }) => `/brownies/${id}`,
    handle: unused,
  }),
  route({
    method: 'PUT',
    url: '/brownies/:brownie_id',
    operationId: 'updateBrownie',
    tag,
    summary: 'Change a brownie',
    permission: 'incident:update',
    params: BrowniePath,
    body: NewBrownie,
    status: 200,
    reply: Brownie,
    errors: ['request.path_mismatch'],
    ifMatch: true,
    etag: ({ pieces }) => pieces,
    handle: unused,
  }),
  route({
    method: 'DELETE',
    url: '/brownies/:brownie_id',
    operationId: 'eatBrownie',
    tag,
    summary: 'Eat a brownie',
    permission: 'session:read',
    params: BrowniePath,
    status: 200,
    reply: Message,
    handle: unused,
  }),
  publicRoute({
    method: 'GET',
    url: '/recipes',
    operationId: 'listRecipes',
    tag,
    summary: 'List recipes',
    permission: 'public',
    status: 200,
    reply: Type.Array(Type.String()),
    handle: unused,
  }),
];

export const sampleTags = [{ name: tag, description: 'Brownies of all sorts.' }];
