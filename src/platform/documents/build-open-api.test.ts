import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import type { Route } from '../http/route.ts';
import { exactly } from '../schemas/common-schemas.ts';
import { buildOpenApi, type OpenApiOptions } from './build-open-api.ts';
import { documentFaults } from './document-faults.fixture.ts';
import type { Endpoint } from './endpoint.ts';
import { sampleRoutes, sampleTags } from './sample-routes.fixture.ts';

const build = (options: Partial<OpenApiOptions> = {}) =>
  buildOpenApi({ routes: sampleRoutes, version: '1.2.3', tags: sampleTags, ...options });

const health: Endpoint = {
  path: '/health',
  operationId: 'getHealth',
  tag: 'Brownies',
  summary: 'Health',
  description: 'How it is.',
  replies: {
    200: ['Well.', { 'text/plain': Type.String() }],
    503: ['Not well.', { 'text/plain': Type.String() }],
  },
  errors: ['service.unavailable'],
};
const [first] = sampleRoutes as readonly [Route];

describe('the document', () => {
  test('says what it is', () => {
    const { openapi, info, servers, tags } = build({ serverUrl: 'https://api.example.com' });
    expect(openapi).toBe('3.1.1');
    expect(info).toMatchObject({ version: '1.2.3', license: { name: 'MIT', identifier: 'MIT' } });
    expect(servers).toEqual([{ url: 'https://api.example.com', description: 'The service.' }]);
    expect(build().servers).toEqual([{ url: '/', description: expect.stringContaining('came from') }]);
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
      'Fault',
      'Message',
      'NewBrownie',
      'Owner',
      'Problem',
      'Size',
    ]);
    expect(components.schemas['BrowniePage']).toMatchObject({
      properties: { items: { type: 'array', items: { $ref: '#/components/schemas/Brownie' } } },
    });
    expect(components.schemas['Brownie']).toMatchObject({
      properties: { owner: { $ref: '#/components/schemas/Owner' } },
    });
  });

  test('has what is served beside the routes; one status may have replies of both kinds', () => {
    const { paths } = build({ endpoints: [health] });
    expect(Object.keys(paths)).toEqual([
      '/api/v1/brownies',
      '/api/v1/brownies/{brownie_id}',
      '/api/v1/recipes',
      '/health',
    ]);
    expect(paths['/health']?.get?.responses).toMatchObject({
      200: { content: { 'text/plain': { schema: { type: 'string' } } } },
      503: {
        description: expect.stringMatching(/^Not well[\s\S]*`service.unavailable`/),
        headers: { 'Retry-After': {} },
        content: { 'text/plain': {}, 'application/problem+json': {} },
      },
    });
  });

  test('survives being written as JSON', () => {
    const document = build();
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
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

  test('an endpoint is a route, too', () => {
    expect(() => build({ endpoints: [{ ...health, path: '/api/v1/brownies' }] })).toThrow(
      '/api/v1/brownies is a declared route',
    );
  });
});
