import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import type { Route } from '../http/route.ts';
import { exactly } from '../http/schemas.ts';
import { buildOpenApi, type OpenApiOptions } from './build-open-api.ts';
import { documentFaults } from './document-faults.fixture.ts';
import type { Operation } from './open-api-types.ts';
import { sampleRoutes, sampleTags } from './sample-routes.fixture.ts';

const build = (options: Partial<OpenApiOptions> = {}) =>
  buildOpenApi({ routes: sampleRoutes, version: '1.2.3', tags: sampleTags, ...options });

const operation = (operationId: string): Operation => {
  const operations = Object.values(build().paths).flatMap((path) => Object.values(path));
  const found = operations.find((one) => one.operationId === operationId);
  expect(found).toBeDefined();
  return found as Operation;
};

const [first] = sampleRoutes as readonly [Route];

describe('the document', () => {
  test('says what it is', () => {
    const { openapi, info, servers, tags } = build({ serverUrl: 'https://api.example.com' });
    expect(openapi).toBe('3.1.1');
    expect(info).toMatchObject({ version: '1.2.3', license: { name: 'MIT', identifier: 'MIT' } });
    expect(servers).toEqual([{ url: 'https://api.example.com' }]);
    expect(tags).toEqual(sampleTags);
  });

  test('is sound: every reference leads somewhere, every example is valid', () => {
    expect(documentFaults(build())).toEqual([]);
  });

  test('holds titled schemas once, nested ones too', () => {
    const { components } = build();
    expect(Object.keys(components.schemas)).toEqual([
      'Brownie',
      'BrowniePage',
      'Message',
      'NewBrownie',
      'Owner',
      'Problem',
    ]);
    expect(components.schemas['BrowniePage']).toMatchObject({
      properties: { items: { type: 'array', items: { $ref: '#/components/schemas/Brownie' } } },
    });
    expect(components.schemas['Brownie']).toMatchObject({
      properties: { owner: { $ref: '#/components/schemas/Owner' } },
    });
  });

  test('has the paths that are no declared routes', () => {
    const health: Operation = {
      operationId: 'getHealth',
      tags: ['Brownies'],
      summary: 'Health',
      security: [],
      responses: { 200: { description: 'Healthy' } },
    };
    const { paths } = build({ extraPaths: { '/health': { get: health } } });
    expect(Object.keys(paths)).toEqual([
      '/api/v1/brownies',
      '/api/v1/brownies/{brownie_id}',
      '/api/v1/recipes',
      '/health',
    ]);
    expect(paths['/health']).toEqual({ get: health });
  });

  test('survives being written as JSON', () => {
    const document = build();
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('an operation', () => {
  test('names its parameters', () => {
    expect(operation('listBrownies').parameters).toEqual([
      expect.objectContaining({ name: 'limit', in: 'query', description: 'Rows a page.' }),
      expect.objectContaining({ name: 'cursor', in: 'query' }),
      { name: 'size', in: 'query', schema: { type: 'string', enum: ['small', 'large'] } },
      { name: 'baker', in: 'query', required: true, schema: { type: 'string' } },
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
    ]);
    expect(Object.keys(operation('updateBrownie').responses['200']?.headers ?? {})).toEqual([
      'X-Request-ID',
      'ETag',
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
    expect(responses['429']?.headers).toHaveProperty('Retry-After');
    expect(responses['503']?.headers).toHaveProperty('Retry-After');
  });

  test('says who may', () => {
    expect(operation('bakeBrownie')).toMatchObject({
      'x-permission': 'incident:create',
      security: [{ bearerAuth: [] }],
      description: 'Takes a while.\n\nWho may: team member (`incident:create`).',
    });
    expect(operation('listRecipes')).toMatchObject({ 'x-permission': 'public', security: [] });
  });
});

describe('refuses to build where', () => {
  const { method: _, ...declared } = {
    ...first,
    tag: 'Brownies',
    operationId: 'other',
    url: '/other',
  };
  const other = (changes: Partial<Route>): Route => ({ ...declared, method: 'GET', ...changes });

  test.each([
    [
      'two schemas have one title',
      /title "Owner"/,
      [...sampleRoutes, other({ reply: exactly({ id: Type.Integer() }, { title: 'Owner' }) })],
    ],
    [
      'two operations have one name',
      /listBrownies is declared twice/,
      [...sampleRoutes, other({ operationId: 'listBrownies' })],
    ],
    ['a path has a method twice', /one method twice/, [...sampleRoutes, other({ url: '/brownies' })]],
    ['a tag has no description', /"Cakes", which has no description/, [other({ tag: 'Cakes' })]],
    ['a path parameter has no schema', /must both name cake_id/, [other({ url: '/cakes/:cake_id' })]],
    [
      'a schema names a parameter that the path lacks',
      /must both name cake_id/,
      [other({ params: exactly({ cake_id: Type.String() }) })],
    ],
  ])('%s', (_, message, routes) => {
    expect(() => build({ routes })).toThrow(message);
  });

  test('an extra path is one of a route', () => {
    expect(() => build({ extraPaths: { '/api/v1/brownies': {} } })).toThrow(
      '/api/v1/brownies is a declared route',
    );
  });
});
