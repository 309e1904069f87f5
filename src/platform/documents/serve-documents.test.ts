import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpServer } from '../http/http-server.ts';
import { requirePermissions } from '../http/register-routes.ts';
import { buildOpenApi } from './build-open-api.ts';
import { sampleRoutes, sampleTags } from './sample-routes.fixture.ts';
import { serveDocuments } from './serve-documents.ts';

const document = buildOpenApi({ routes: sampleRoutes, version: '1.2.3', tags: sampleTags });
const app = await createHttpServer({
  logger: pino({ level: 'silent' }),
  corsOrigins: [],
  trustedProxies: [],
});

beforeAll(() => {
  requirePermissions(app);
  serveDocuments(app, () => document);
});
afterAll(() => app.close());

const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url, headers });

/** What is read once a reply is decoded. */
const decoded = ({ headers, rawPayload }: Awaited<ReturnType<typeof get>>): Buffer => {
  const encoding = headers['content-encoding'];
  return encoding === 'br'
    ? brotliDecompressSync(rawPayload)
    : encoding === 'gzip'
      ? gunzipSync(rawPayload)
      : rawPayload;
};

const directives = (policy: unknown): ReadonlyMap<string, string> =>
  new Map(
    String(policy)
      .split('; ')
      .map((directive) => [directive.split(' ', 1).join(), directive.slice(directive.indexOf(' ') + 1)]),
  );

describe.each(['/openapi.json', '/api/v1/openapi.json'])('%s', (url) => {
  test('is the document', async () => {
    const reply = await get(url);
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(reply.json()).toEqual(document);
  });

  test('is sent again only once it has changed', async () => {
    const { headers } = await get(url);
    expect(headers['cache-control']).toBe('no-cache');
    for (const known of [`${headers.etag}`, `W/${headers.etag}`, `"other", ${headers.etag}`, '*']) {
      const reply = await get(url, { 'if-none-match': known });
      expect([reply.statusCode, reply.body, reply.headers.etag]).toEqual([304, '', headers.etag]);
    }
    expect((await get(url, { 'if-none-match': '"other"' })).statusCode).toBe(200);
  });
});

describe.each([
  ['/docs', '/redoc'],
  ['/redoc', '/docs'],
])('%s', (url, other) => {
  test('is a page that loads from this service alone', async () => {
    const { statusCode, headers, body } = await get(url);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body.replaceAll("xmlns='http://www.w3.org/2000/svg'", '')).not.toMatch(/https?:|src="\/\//);
    expect(body).toContain(`href="${other}"`);
  });

  test('has every file that it names, to keep for good', async () => {
    const { body } = await get(url);
    const files = [...body.matchAll(/(?:src|href)="(\/docs\/assets\/[^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      const reply = await get(file);
      expect(reply.statusCode, file).toBe(200);
      expect(reply.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(reply.headers['content-type']).toBe(
        file.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
      );
      expect(reply.rawPayload.byteLength).toBeGreaterThan(0);
    }
  });

  test('lets no script in but its own', async () => {
    const { headers, body } = await get(url);
    const policy = directives(headers['content-security-policy']);
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('connect-src')).toBe("'self'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(body).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|<style|\sstyle=/);
  });

  test('is found with a slash at the end, too', async () => {
    const { statusCode, headers } = await get(`${url}/`);
    expect([statusCode, headers.location]).toEqual([308, url]);
  });

  test('is sent again only once it has changed', async () => {
    const { headers } = await get(url);
    const reply = await get(url, { 'if-none-match': `${headers.etag}` });
    expect(reply.statusCode).toBe(304);
    expect(reply.headers['content-security-policy']).toBe(headers['content-security-policy']);
  });
});

test('ReDoc fetches no picture from its makers', async () => {
  const { body } = await get('/redoc');
  const [, script = ''] = /src="([^"]+\/redoc-[0-9a-f]{16}\.js)"/.exec(body) ?? [];
  const { body: code } = await get(script);
  expect(code).toContain('API docs by');
  expect(code).not.toContain('cdn.redoc.ly');
});

test('Swagger UI has a filter, and folds what is seldom asked for', async () => {
  const { body } = await get('/docs');
  const [, script = ''] = /src="([^"]+\/swagger-ui-start-[0-9a-f]{16}\.js)"/.exec(body) ?? [];
  const { body: code } = await get(script);
  for (const setting of ['filter: true', 'plugins: [foldedReplies]', 'defaultModelsExpandDepth: 0']) {
    expect(code).toContain(setting);
  }
});

test('replies other than the pages keep the policy of the service', async () => {
  const { headers } = await get('/openapi.json');
  expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
});

describe('compression', () => {
  const filesOf = async (url: string): Promise<string[]> =>
    [...(await get(url)).body.matchAll(/(?:src|href)="(\/docs\/assets\/[^"]+)"/g)].map(
      ([, file = '']) => file,
    );

  test('makes whatever is large a third of it, or less, by either coding, and it is the same once it is read', async () => {
    const urls = ['/openapi.json', ...(await filesOf('/docs')), ...(await filesOf('/redoc'))];
    for (const url of urls) {
      const plain = await get(url);
      expect([plain.headers['content-encoding'], plain.headers.vary]).toEqual([undefined, 'Accept-Encoding']);
      for (const encoding of ['br', 'gzip']) {
        const reply = await get(url, { 'accept-encoding': encoding });
        expect([reply.headers['content-encoding'], reply.headers.vary]).toEqual([
          encoding,
          'Accept-Encoding',
        ]);
        expect(decoded(reply).equals(plain.rawPayload), url).toBe(true);
        if (plain.rawPayload.byteLength > 20_000) {
          expect(reply.rawPayload.byteLength, url).toBeLessThan(plain.rawPayload.byteLength / 3);
        }
      }
    }
  });

  test('has a tag for each coding, of which any is known again', async () => {
    const codings = ['br', 'gzip', 'identity'];
    const replies = await Promise.all(
      codings.map((coding) => get('/openapi.json', { 'accept-encoding': coding })),
    );
    const tags = replies.map(({ headers }) => String(headers.etag));
    expect(new Set(tags).size).toBe(3);
    for (const tag of tags) {
      expect(tag).toMatch(/^"[^"]+"$/);
      const reply = await get('/openapi.json', { 'accept-encoding': 'br', 'if-none-match': tag });
      expect([reply.statusCode, reply.rawPayload.byteLength, reply.headers.vary]).toEqual([
        304,
        0,
        'Accept-Encoding',
      ]);
    }
  });
});
