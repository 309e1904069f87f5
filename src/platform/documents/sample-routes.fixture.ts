import { Type } from 'typebox';
import { publicRoute, type Route, route } from '../http/route.ts';
import {
  annotated,
  exactly,
  Message,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  Timestamp,
  Uuid,
  withDefault,
} from '../schemas/common-schemas.ts';
import { exampleIds, UserId } from '../schemas/shared-fields.ts';

const Owner = exactly(
  { id: UserId, name: Type.String({ description: 'Who it is.', examples: ['Ada'] }) },
  { title: 'Owner', description: 'Whose a brownie is.' },
);
const Size = oneOf(['small', 'large'], { title: 'Size', description: 'How big a brownie is.' });
const BrownieId = annotated(Uuid, { description: 'The id of the brownie.', examples: [exampleIds.stat] });

export const Brownie = exactly(
  {
    id: BrownieId,
    name: Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: '^[a-z ]+$',
      description: 'What it is called.',
      examples: ['walnut'],
    }),
    size: Size,
    owner: Owner,
    eaten_at: nullable(annotated(Timestamp, { description: 'When it was eaten.' })),
    note: nullable(Type.String({ description: 'What there is to say.' })),
    pieces: Type.Integer({ minimum: 1, description: 'How many pieces it has.' }),
  },
  { title: 'Brownie', description: 'A brownie.' },
);

const NewBrownie = exactly(
  {
    name: Type.String({ description: 'What it is to be called.', examples: ['walnut'] }),
    size: withDefault(Size, 'small'),
  },
  { title: 'New Brownie', description: 'A brownie to be baked.' },
);

const BrowniePath = exactly({ brownie_id: BrownieId });

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
    query: exactly({
      ...pageQuery,
      size: Type.Optional(annotated(Size, { description: 'Only those of this size.' })),
      baker: Type.String({ description: 'Only those that they baked.' }),
    }),
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
