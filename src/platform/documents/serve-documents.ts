import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error.ts';
import { agentsGuide } from './agents-guide.ts';
import { readAssets } from './assets.ts';
import type { OpenApiDocument } from './open-api-types.ts';
import { htmlOf, pages } from './pages.ts';
import { staticContent } from './static-content.ts';

const config = { permission: 'public' };

type Answer = ReturnType<typeof staticContent>;

/**
 * Serves the document at `/openapi.json` and `/api/v1/openapi.json`, the pages that show it at `/docs` and `/redoc`, with
 * everything they load (nothing comes from another host), and `/llms.txt`, which tells language models the same in few words.
 * @NOTE most instances are asked for none of it, so it is made when the first reader comes.
 */
export function serveDocuments(app: FastifyInstance, makeDocument: () => OpenApiDocument): void {
  let made: Promise<Contents> | undefined;
  const contents = async (): Promise<Contents> => {
    made ??= makeContents(makeDocument());
    try {
      return await made;
    } catch (cause) {
      made = undefined;
      throw cause;
    }
  };
  const answer = async ({ path }: { path: string }, request: FastifyRequest, reply: FastifyReply) => {
    const content = (await contents()).get(path);
    if (content === undefined) {
      throw new ApiError('route.not_found');
    }
    return await content(request, reply);
  };

  for (const path of ['/openapi.json', '/api/v1/openapi.json']) {
    app.get(path, { config }, (request, reply) => answer({ path: '/openapi.json' }, request, reply));
  }
  app.get('/llms.txt', { config }, (request, reply) => answer({ path: '/llms.txt' }, request, reply));
  for (const page of pages) {
    app.get(page.path, { config }, (request, reply) =>
      answer(page, request, reply.header('content-security-policy', page.policy)),
    );
    app.get(`${page.path}/`, { config }, (_request, reply) => reply.redirect(page.path, 308));
  }
  app.get<{ Params: { name: string } }>('/docs/assets/:name', { config }, (request, reply) =>
    answer({ path: `/docs/assets/${request.params.name}` }, request, reply),
  );
}

/** What is served, by its path. */
type Contents = ReadonlyMap<string, Answer>;

/** Rejects where an installed package lacks a file. */
async function makeContents(document: OpenApiDocument): Promise<Contents> {
  const assets = await readAssets();
  return new Map<string, Answer>([
    ['/openapi.json', revalidated(JSON.stringify(document), 'application/json; charset=utf-8')],
    ['/llms.txt', revalidated(agentsGuide(document), 'text/markdown; charset=utf-8')],
    ...pages.map(
      (page) => [page.path, revalidated(htmlOf(page, assets), 'text/html; charset=utf-8')] as const,
    ),
    ...Object.values(assets).map(
      ({ url, type, content }) =>
        [url, staticContent(content, { type, cacheControl: 'public, max-age=31536000, immutable' })] as const,
    ),
  ]);
}

/** A text that browsers keep, and ask about before they use it. */
const revalidated = (text: string, type: string): Answer =>
  staticContent(Buffer.from(text), { type, cacheControl: 'no-cache' });
