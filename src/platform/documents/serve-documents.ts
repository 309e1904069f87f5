import type { FastifyInstance } from 'fastify';
import { readAssets } from './assets.ts';
import type { OpenApiDocument } from './open-api-types.ts';
import { htmlOf, pages } from './pages.ts';
import { staticContent } from './static-content.ts';

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
    app.get(
      url,
      { config },
      staticContent(content, { type, cacheControl: 'public, max-age=31536000, immutable' }),
    );
  }
}

/** A text that browsers keep, and ask about before they use it. */
const revalidated = (text: string, type: string) =>
  staticContent(Buffer.from(text), { type, cacheControl: 'no-cache' });
