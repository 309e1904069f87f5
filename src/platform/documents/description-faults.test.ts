import { expect, test } from 'vitest';
import { buildOpenApi } from './build-open-api.ts';
import { descriptionFaults } from './description-faults.fixture.ts';
import type { JsonSchema, OpenApiDocument } from './open-api-types.ts';
import { sampleRoutes, sampleTags } from './sample-routes.fixture.ts';

const said = buildOpenApi({ routes: sampleRoutes, version: '1.2.3', tags: sampleTags });
const withSchemas = (schemas: Readonly<Record<string, JsonSchema>>): OpenApiDocument => ({
  ...said,
  components: { ...said.components, schemas: { ...said.components.schemas, ...schemas } },
});
const id = (example: string): JsonSchema => ({ format: 'uuid', description: 'An id.', examples: [example] });
const thing = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  description: 'A thing.',
  properties,
});

test('finds nothing where everything is said', () => {
  expect(descriptionFaults(said)).toEqual([]);
});

test.each<[string, string, OpenApiDocument]>([
  [
    'a tag without description',
    'Cakes',
    { ...said, tags: [...said.tags, { name: 'Cakes', description: '' }] },
  ],
  ['a schema without description', 'Cake has no', withSchemas({ Cake: { type: 'object' } })],
  [
    'a property without description',
    'Cake.size has no',
    withSchemas({ Cake: thing({ size: { type: 'string' } }) }),
  ],
  [
    'a property of a property without description',
    'Cake.of.size has no',
    withSchemas({ Cake: thing({ of: thing({ size: { type: 'string' } }) }) }),
  ],
  [
    'a choice without a name',
    'Cake.size is a choice',
    withSchemas({ Cake: thing({ size: { description: 'How big.', enum: ['big', 'bigger'] } }) }),
  ],
  [
    'one choice with two names',
    'Height and Width are the same choice',
    withSchemas({
      Height: { description: 'A height.', enum: ['big', 'bigger'] },
      Width: { description: 'A width.', enum: ['big', 'bigger'] },
    }),
  ],
  [
    'one example of two ids',
    'Cake has one example',
    withSchemas({ Cake: thing({ id: id('1'), baker_id: id('1') }) }),
  ],
  [
    'one example of the ids of two things',
    'Cake and Pie have the same id',
    withSchemas({
      Cake: thing({ id: id('1'), icing: { description: 'On it.' } }),
      Pie: thing({ id: id('1'), fruit: { description: 'In it.' } }),
    }),
  ],
])('finds %s', (_, fault, document) => {
  expect(descriptionFaults(document)).toEqual([expect.stringContaining(fault)]);
});
