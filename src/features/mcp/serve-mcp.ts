import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { Guards } from '../../platform/http/guards.ts';
import type { Route } from '../../platform/http/route.ts';
import { parseStrictJson } from '../../platform/http/strict-json.ts';
import type { Metrics } from '../../platform/observability/metrics.ts';
import type { McpHandler } from './mcp-handler.ts';
import { OperationCaller } from './operation-caller.ts';
import { serveResourceMetadata, tellWhereKeysComeFrom } from './resource-metadata.ts';
import { readyTools } from './tools.ts';

const path = '/mcp';
const bodyBytesMax = 256 * 1024;

export interface McpOptions {
  /** The operations that tools call. */
  readonly routes: readonly Route[];
  readonly authenticate: Guards['authenticate'];
  /** Exact origins that browsers may call from. */
  readonly corsOrigins: readonly string[];
  readonly metrics: Pick<Metrics, 'toolCalled' | 'toolsServed'>;
}

/**
 * Serves the Model Context Protocol at `POST /mcp`, revisions 2025-03-26 to 2026-07-28, without keeping anything between requests, so that any instance answers any of them; and
 * what says where keys come from (RFC 9728). Throws where a tool names an operation that there is not. See docs/adr/0053-mcp.md.
 */
export async function serveMcp(
  app: FastifyInstance,
  { routes: declared, authenticate, corsOrigins, metrics }: McpOptions,
): Promise<void> {
  const routes = new Map(declared.map((route) => [route.operationId, route]));
  const tools = readyTools(routes);
  metrics.toolsServed(tools.keys());
  const caller = new OperationCaller(app, routes);
  let opened: Promise<McpHandler> | undefined;
  const handler = (): Promise<McpHandler> => {
    opened ??= import('./mcp-handler.ts').then(({ openMcpHandler }) =>
      openMcpHandler({ tools, caller, metrics }),
    );
    return opened;
  };
  app.addHook('onClose', async () => (await opened)?.close());

  await app.register(async (place) => {
    place.removeAllContentTypeParsers();
    place.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) =>
      parsed(body),
    );
    place.post(
      path,
      {
        config: { permission: 'profile:read' },
        bodyLimit: bodyBytesMax,
        onRequest: async (request, reply) => {
          requireOrigin(request.headers.origin, corsOrigins);
          tellWhereKeysComeFrom(request, reply, path);
          request.pending = await authenticate(request);
        },
      },
      async (request, reply) => await answer(await handler(), request, reply),
    );
    place.route({
      method: ['GET', 'DELETE'],
      url: path,
      config: { permission: 'public' },
      onRequest: async () => {
        throw new ApiError('request.method_not_allowed', { headers: { allow: 'POST' } });
      },
      handler: async () => undefined,
    });
    serveResourceMetadata(place, path);
  });
}

/** @NOTE nothing in place of what is no JSON: the protocol has its own error for it. */
function parsed(body: Buffer): unknown {
  try {
    return parseStrictJson(body);
  } catch {
    return undefined;
  }
}

/**
 * Throws 403 for pages of origins that were not let in. @NOTE that is all there is to rebinding a name, too: browsers send Origin with every POST, and a key is in nothing
 * that they send by themselves.
 */
function requireOrigin(origin: string | undefined, permitted: readonly string[]): void {
  if (origin !== undefined && !permitted.includes(origin)) {
    throw new ApiError('auth.origin_forbidden');
  }
}

async function answer(
  handler: McpHandler,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { id = null, method } = (request.body ?? {}) as { readonly id?: unknown; readonly method?: unknown };
  // @NOTE nothing that is listed changes while somebody listens: a stream that holds a connection open would tell nothing.
  if (method === 'subscriptions/listen') {
    const error = { code: -32_601, message: 'Method not found' };
    return await reply.removeHeader('www-authenticate').code(404).send({ jsonrpc: '2.0', id, error });
  }
  // @NOTE the operation that a tool calls asks who it is by itself.
  if (method !== 'tools/call') {
    await request.pending?.known();
  }
  const { status, type, text } = await handler.answer(request);
  reply.removeHeader('www-authenticate').code(status);
  return await (type === null ? reply : reply.type(type)).send(text);
}
