import { expect, test } from 'vitest';
import { buildOpenApi } from './build-open-api.ts';
import type { Operation } from './open-api-types.ts';
import { sampleRoutes, sampleTags } from './sample-routes.fixture.ts';

const document = buildOpenApi({ routes: sampleRoutes, version: '1.2.3', tags: sampleTags });

const operation = (operationId: string): Operation => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  const found = operations.find((one) => one.operationId === operationId);
  expect(found).toBeDefined();
  return found as Operation;
};

test('names its parameters', () => {
  expect(operation('listBrownies').parameters).toEqual([
    expect.objectContaining({ name: 'limit', in: 'query', description: 'Rows a page, 1 to 100.' }),
    expect.objectContaining({ name: 'cursor', in: 'query' }),
    {
      name: 'size',
      in: 'query',
      description: 'Only those of this size.',
      schema: { $ref: '#/components/schemas/Size' },
    },
    expect.objectContaining({ name: 'baker', in: 'query', required: true, schema: { type: 'string' } }),
    { $ref: '#/components/parameters/Position' },
    { $ref: '#/components/parameters/RequestId' },
  ]);
  expect(operation('updateBrownie').parameters).toEqual([
    expect.objectContaining({ name: 'brownie_id', in: 'path', required: true }),
    { $ref: '#/components/parameters/IfMatch' },
    { $ref: '#/components/parameters/RequestId' },
  ]);
  expect(operation('bakeBrownie').parameters).toContainEqual({
    $ref: '#/components/parameters/IdempotencyKey',
  });
});

test('shows the body, with the example that is given or one that is made', () => {
  const schema = { $ref: '#/components/schemas/NewBrownie' };
  expect(operation('bakeBrownie').requestBody).toEqual({
    description: 'A brownie to be baked.',
    required: true,
    content: { 'application/json': { schema, example: { name: 'double chocolate' } } },
  });
  expect(operation('updateBrownie').requestBody?.content['application/json']).toEqual({
    schema,
    example: { name: 'walnut', size: 'small' },
  });
  expect(operation('eatBrownie').requestBody).toBeUndefined();
});

test('shows the reply, with its headers', () => {
  const { responses } = operation('bakeBrownie');
  expect(responses['201']?.content?.['application/json']?.schema).toEqual({
    $ref: '#/components/schemas/Brownie',
  });
  expect(Object.keys(responses['201']?.headers ?? {})).toEqual([
    'X-Request-ID',
    'Location',
    'Idempotency-Replayed',
    'Brownie-Position',
    'Brownie-Ignored-Fields',
  ]);
  expect(Object.keys(operation('updateBrownie').responses['200']?.headers ?? {})).toEqual([
    'X-Request-ID',
    'ETag',
    'Brownie-Position',
    'Brownie-Ignored-Fields',
  ]);
});

test('shows its errors by status, with an example of each code', () => {
  const { responses } = operation('bakeBrownie');
  expect(Object.keys(responses)).toEqual([
    '201',
    '400',
    '401',
    '403',
    '409',
    '413',
    '414',
    '415',
    '422',
    '429',
    '500',
    '503',
  ]);
  expect(responses['400']?.description).toContain('`team.name_taken`: A team with this name');
  expect(responses['400']?.content).toEqual({
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/Problem' },
      examples: {
        'request.malformed': { $ref: '#/components/examples/request.malformed' },
        'team.name_taken': { $ref: '#/components/examples/team.name_taken' },
      },
    },
  });
  expect(responses['401']?.headers).toHaveProperty('WWW-Authenticate');
  expect(responses['401']?.headers).not.toHaveProperty('Brownie-Ignored-Fields');
  expect(responses['409']?.headers).toHaveProperty('Brownie-Ignored-Fields');
  expect(responses['409']?.headers).toHaveProperty('Retry-After');
  expect(responses['429']?.headers).toHaveProperty('Retry-After');
  expect(responses['503']?.headers).toHaveProperty('Retry-After');
});

test('says who may', () => {
  expect(operation('bakeBrownie')).toMatchObject({
    'x-permission': 'incident:create',
    security: [{ bearerAuth: [] }, { apiKey: ['incidents:write'] }],
    description:
      'Takes a while.\n\nWho may: team member (`incident:create`). With an API key: one with the scope `incidents:write`.',
  });
  expect(operation('eatBrownie')).toMatchObject({
    security: [{ bearerAuth: [] }],
    description: expect.stringContaining('Not with an API key.'),
  });
  expect(operation('listRecipes')).toMatchObject({ 'x-permission': 'public', security: [] });
});

test('shows that a route may redirect, where it declares so', () => {
  const [first] = sampleRoutes;
  const of = (redirects: boolean) =>
    buildOpenApi({
      routes: [{ ...first, redirects } as (typeof sampleRoutes)[number]],
      version: '1.2.3',
      tags: sampleTags,
    }).paths['/api/v1/brownies']?.get?.responses['302'];
  expect(of(true)).toEqual({
    description: expect.stringContaining('text/html'),
    headers: {
      'X-Request-ID': { $ref: '#/components/headers/X-Request-ID' },
      Location: { $ref: '#/components/headers/Location' },
      'Set-Cookie': { $ref: '#/components/headers/Set-Cookie' },
    },
  });
  expect(of(false)).toBeUndefined();
});
