import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { easeV1Clients, withoutTrailingSlash } from './v1-clients.ts';

describe('a URL with a slash at its end', () => {
  test.each([
    ['/teams/', '/teams'],
    ['/api/v1/teams/1/?limit=2', '/api/v1/teams/1?limit=2'],
    ['/teams///?q=a/?b/', '/teams?q=a/?b/'],
  ])('%s leads to %s', (url, target) => {
    expect(withoutTrailingSlash(url)).toBe(target);
  });

  test.each([
    '/',
    '//',
    '/?a=/',
    '/teams',
    '/teams?next=/',
    '//evil.example/',
    '/\\evil.example/',
    '/%2Fevil/',
  ])('%s leads nowhere', (url) => {
    expect(withoutTrailingSlash(url)).toBeUndefined();
  });
});

const time = { type: 'string', format: 'date-time' };
const exactly = (properties: object) => ({ type: 'object', additionalProperties: false, properties });

/** What a route that answers with what it was given gets to see. */
async function given(body: unknown, query = '') {
  const app = Fastify({ routerOptions: { ignoreTrailingSlash: false } });
  easeV1Clients(app);
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.post(
    '/things',
    { schema: { body: exactly({ name: {}, at: time }), querystring: exactly({ since: time }) } },
    async (request) => ({ body: request.body, query: request.query }),
  );
  const { headers, body: text } = await app.inject({
    method: 'POST',
    url: `/things${query}`,
    payload: body as object,
  });
  return { ...JSON.parse(text), ignored: headers['brownie-ignored-fields'] };
}

describe('a body', () => {
  test('loses the fields that the route does not know, by name', async () => {
    expect(await given({ name: 'n', Größe: 1, 'a, b': 2, toString: 3 })).toMatchObject({
      body: { name: 'n' },
      ignored: 'Gr%C3%B6%C3%9Fe, a%2C%20b, toString',
    });
  });

  test('with known fields alone comes as it is, without the header', async () => {
    expect(await given({ name: { any: ['thing'] } })).toMatchObject({
      body: { name: { any: ['thing'] } },
      ignored: undefined,
    });
    expect(await given([{ other: 1 }])).toMatchObject({ body: [{ other: 1 }], ignored: undefined });
  });

  test('whose unknown fields are too many or too long for a header is told so', async () => {
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`unknown_${index}`, index]));
    const { ignored } = await given({ ...many, ['x'.repeat(5_000)]: 1 });
    expect(ignored).toMatch(/^unknown_0, unknown_1, .*, \.\.\.$/);
    expect(ignored.length).toBeLessThan(1_100);
    expect((await given({ ['x'.repeat(5_000)]: 1 })).ignored).toBe('...');
  });
});

describe('a time', () => {
  test.each([
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05Z'],
    ['2026-01-02 03:04:05.123456', '2026-01-02 03:04:05.123456Z'],
    ['2026-01-02T03:04:05+02:00', '2026-01-02T03:04:05+02:00'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02', '2026-01-02'],
    ['yesterday', 'yesterday'],
    [17, 17],
  ])('%j is read as %j, in body and query', async (sent, read) => {
    expect((await given({ at: sent })).body.at).toBe(read);
    expect((await given({}, `?since=${encodeURIComponent(sent)}`)).query.since).toBe(String(read));
  });

  test('is what the schema says, whatever else looks like one', async () => {
    expect((await given({ name: '2026-01-02T03:04:05' })).body.name).toBe('2026-01-02T03:04:05');
  });
});
