import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from '../../src/platform/observability/logger.ts';
import { apiDocument } from '../../src/service/api-document.ts';
import { startApp, type TestApp } from '../harness/app.ts';

const origin = 'https://app.example.com';
let app: TestApp;

beforeAll(async () => {
  const logger = createLogger({ level: 'CRITICAL', destination: { write: () => undefined } });
  app = await startApp({ http: { logger, corsOrigins: [origin], trustedProxies: [] } });
});
afterAll(() => app[Symbol.asyncDispose]());

const send = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${app.url}${path}`, { ...init, headers: { origin, ...init.headers } });
const preflight = (from: string): Promise<Response> =>
  send(`/api/v1/incidents/${randomUUID()}`, {
    method: 'OPTIONS',
    headers: {
      origin: from,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'authorization',
    },
  });
const listed = (reply: Response, header: string): string[] =>
  (reply.headers.get(header) ?? '').split(',').map((name) => name.trim().toLowerCase());

/** The headers that the OpenAPI document names: those that requests carry, and those of replies. */
function documentedHeaders(): { taken: string[]; answered: string[] } {
  const { components, paths } = apiDocument(app.app.routes) as unknown as {
    components: { parameters: Record<string, { name: string }> };
    paths: Record<string, Record<string, { responses: Record<string, { headers?: object }> }>>;
  };
  const responses = Object.values(paths)
    .flatMap((path) => Object.values(path))
    .flatMap((operation) => Object.values(operation.responses ?? {}));
  return {
    taken: Object.values(components.parameters).map(({ name }) => name.toLowerCase()),
    answered: [...new Set(responses.flatMap(({ headers = {} }) => Object.keys(headers)))]
      .map((name) => name.toLowerCase())
      // @NOTE no script may read it, whatever a server says (Fetch Standard, forbidden response-header name).
      .filter((name) => name !== 'set-cookie'),
  };
}

describe('a page of a permitted origin', () => {
  test('may send every header that the API takes, and the trace that it is part of', async () => {
    const reply = await preflight(origin);
    expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
    const { taken } = documentedHeaders();
    expect(taken).toEqual(expect.arrayContaining(['idempotency-key', 'if-match', 'x-request-id']));
    expect(listed(reply, 'access-control-allow-headers')).toEqual(
      expect.arrayContaining([
        ...taken,
        ...['authorization', 'content-type', 'traceparent', 'tracestate'],
        ...['mcp-protocol-version', 'mcp-method', 'mcp-name'],
      ]),
    );
    expect(listed(reply, 'access-control-allow-methods')).toEqual(
      expect.arrayContaining(['get', 'head', 'post', 'put', 'patch', 'delete']),
    );
  });

  test('may read every header that replies carry', async () => {
    const reply = await send('/api/v1/auth/me');
    expect(reply.status).toBe(401);
    const { answered } = documentedHeaders();
    expect(answered).toEqual(expect.arrayContaining(['etag', 'location', 'retry-after']));
    expect(listed(reply, 'access-control-expose-headers')).toEqual(
      expect.arrayContaining([...answered, 'allow']),
    );
  });

  test.each([
    [405, 'DELETE', '/api/v1/auth/me'],
    [404, 'GET', '/api/v1/nothing'],
    [414, 'GET', `/api/v1/auth/me?x=${'x'.repeat(9_000)}`],
  ])('may read a %d', async (status, method, path) => {
    const reply = await send(path, { method });
    expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([status, origin]);
  });
});

test('a page of any other origin may neither send nor read', async () => {
  for (const from of ['https://app.example.com.evil.example', 'http://app.example.com', 'null']) {
    const reply = await preflight(from);
    expect(reply.headers.get('access-control-allow-origin')).not.toBe(from);
  }
});
