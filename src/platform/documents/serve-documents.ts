import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readAssets } from './assets.ts';
import type { OpenApiDocument } from './open-api-types.ts';
import { htmlOf, pages } from './pages.ts';

const config = { permission: 'public' };

/**
 * Serves the document at `/openapi.json` and `/api/v1/openapi.json`, and the pages that show it at `/docs` and
 * `/redoc`, with everything they load: nothing comes from another host. Resolves once the files are read.
 */
export async function serveDocuments(app: FastifyInstance, document: OpenApiDocument): Promise<void> {
  const assets = await readAssets();
  const json = revalidated(JSON.stringify(document), 'application/json; charset=utf-8');
  app.get('/openapi.json', { config }, json);
  app.get('/api/v1/openapi.json', { config }, json);

  for (const page of pages) {
    const html = revalidated(htmlOf(page, assets), 'text/html; charset=utf-8');
    app.get(page.path, { config }, (request, reply) =>
      html(request, reply.header('content-security-policy', page.policy)),
    );
    app.get(`${page.path}/`, { config }, (_request, reply) => reply.redirect(page.path, 308));
  }
  for (const { url, type, content } of Object.values(assets)) {
    app.get(url, { config }, (_request, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').type(type).send(content),
    );
  }
}

/** Answers with a text that browsers keep, and ask about before they use it: 304 where it is still the same. */
function revalidated(text: string, type: string) {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    reply.headers({ 'cache-control': 'no-cache', etag });
    return isKnown(request.headers['if-none-match'], etag)
      ? reply.code(304).send()
      : reply.type(type).send(text);
  };
}

/** Compares weakly, as If-None-Match does (RFC 9110, 13.1.2): proxies that compress make the tag weak. */
const isKnown = (header = '', etag: string): boolean =>
  header.split(',').some((tag) => [etag, `W/${etag}`, '*'].includes(tag.trim()));
