import { expect, test } from 'vitest';
import { buildOpenApi } from './build-open-api.ts';
import { documentFaults } from './document-faults.fixture.ts';
import type { MediaType, OpenApiDocument, Operation } from './open-api-types.ts';
import { sampleRoutes, sampleTags } from './sample-routes.fixture.ts';

const sound = buildOpenApi({ routes: sampleRoutes, version: '1.2.3', tags: sampleTags });
const schema = { type: 'integer', examples: [1] };

/** The sample document with one more operation, of which parts are replaced. */
const withOperation = (path: string, changes: Partial<Operation>): OpenApiDocument => ({
  ...sound,
  paths: {
    ...sound.paths,
    [path]: {
      get: {
        operationId: 'odd',
        tags: ['Brownies'],
        summary: 'Odd',
        security: [],
        responses: { 200: { description: 'Done' } },
        ...changes,
      },
    },
  },
});

const replying = (content: MediaType): Partial<Operation> => ({
  responses: { 200: { description: 'Done', content: { 'application/json': content } } },
});

test.each<[string, RegExp, OpenApiDocument]>([
  [
    'an example that its schema refuses',
    /odd~1path\/get.*refuses its example "one"/,
    withOperation('/odd/path', replying({ schema, example: 'one' })),
  ],
  [
    'an example that a component refuses',
    /refuses its example \{\}/,
    withOperation('/odd', replying({ schema: { $ref: '#/components/schemas/Owner' }, example: {} })),
  ],
  [
    'a named example that its schema refuses',
    /refuses its example \{"type"/,
    withOperation(
      '/odd',
      replying({ schema, examples: { one: { $ref: '#/components/examples/auth.forbidden' } } }),
    ),
  ],
  [
    'an example of a parameter that its schema refuses',
    /parameters\/0\/schema refuses its example 0/,
    withOperation('/odd', {
      parameters: [{ name: 'a', in: 'query', schema: { ...schema, minimum: 1, examples: [0] } }],
    }),
  ],
  [
    'a schema that is none',
    /schema.*is no JSON Schema/,
    withOperation('/odd', replying({ schema: { type: 'whole number' } })),
  ],
  [
    'a reference to nothing',
    /#\/components\/schemas\/Nothing leads to nothing/,
    {
      ...sound,
      components: {
        ...sound.components,
        headers: { ...sound.components.headers, Odd: { schema: { $ref: '#/components/schemas/Nothing' } } },
      },
    },
  ],
  [
    'an example inside a component that is not valid',
    /^\/components\/schemas\/Odd\/properties\/a refuses its example "one"/,
    {
      ...sound,
      components: {
        ...sound.components,
        schemas: {
          ...sound.components.schemas,
          Odd: { type: 'object', properties: { a: { ...schema, examples: ['one'] } } },
        },
      },
    },
  ],
  [
    'a component that is no schema',
    /^\/components\/schemas\/Odd is no JSON Schema/,
    { ...sound, components: { ...sound.components, schemas: { Odd: { minimum: 'three' } } }, paths: {} },
  ],
  ['a path parameter that is not described', /odd: \/odd\/\{id\}/, withOperation('/odd/{id}', {})],
])('finds %s', (_, fault, document) => {
  expect(documentFaults(document)).toEqual([expect.stringMatching(fault)]);
});

test('finds nothing in a sound document', () => {
  expect(documentFaults(sound)).toEqual([]);
  expect(documentFaults(withOperation('/odd', replying({ schema, example: 2 })))).toEqual([]);
});
