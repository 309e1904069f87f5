import { createMcpHandler, type McpRequestContext } from '@modelcontextprotocol/server';
import type { FastifyRequest } from 'fastify';
import { effectiveScopes } from '../../platform/auth/effective-scopes.ts';
import type { PendingPrincipal } from '../../platform/auth/pending-principal.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { Metrics } from '../../platform/observability/metrics.ts';
import { createMcpServer } from './mcp-server.ts';
import type { OperationCaller } from './operation-caller.ts';
import { ToolFault } from './tool.ts';
import type { ReadyTool } from './tools.ts';

export interface McpHandlerOptions {
  readonly tools: ReadonlyMap<string, ReadyTool>;
  readonly caller: OperationCaller;
  readonly metrics: Pick<Metrics, 'toolCalled'>;
}

/** What the protocol answers to a request. */
export interface McpAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

export interface McpHandler {
  /** Throws 401 `auth.unauthenticated` where an operation did. */
  answer(request: FastifyRequest): Promise<McpAnswer>;
  close(): Promise<void>;
}

interface Served {
  readonly request: FastifyRequest;
  isUnauthenticated: boolean;
}

/** Answers messages by the SDK. @NOTE loaded with the first of them: a service that no agent calls does not pay for it. */
export function openMcpHandler({ tools, caller, metrics }: McpHandlerOptions): McpHandler {
  const served = new WeakMap<Request, Served>();
  const handler = createMcpHandler(({ requestInfo }: McpRequestContext) => {
    const state = requestInfo && served.get(requestInfo);
    if (state === undefined) {
      throw new Error('a conversation begins with a request');
    }
    const { request } = state;
    const pending = request.pending as PendingPrincipal;
    return createMcpServer({
      tools,
      onCalled: metrics.toolCalled,
      scopes: async () => effectiveScopes(await pending.known()),
      operations: {
        orgId: pending.orgId,
        call: async (operationId, input) => {
          try {
            return (await caller.call(request, operationId, input)) as Record<string, unknown>;
          } catch (error) {
            state.isUnauthenticated ||= error instanceof ToolFault && error.status === 401;
            throw error;
          }
        },
      },
    });
  });
  return {
    async answer(request) {
      const asked = new Request('http://localhost/mcp', {
        method: 'POST',
        headers: standardHeaders(request),
        // @NOTE in place of the body, which is read already.
        body: '{}',
      });
      const state: Served = { request, isUnauthenticated: false };
      served.set(asked, state);
      const response = await handler.fetch(asked, { parsedBody: request.body });
      const text = await response.text();
      if (state.isUnauthenticated) {
        throw new ApiError('auth.unauthenticated');
      }
      return { status: response.status, type: response.headers.get('content-type'), text };
    },
    close: () => handler.close(),
  };
}

/** Those that the protocol looks at. */
function standardHeaders({ headers }: FastifyRequest): Headers {
  const standard = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (
      typeof value === 'string' &&
      (name.startsWith('mcp-') || name === 'accept' || name === 'content-type')
    ) {
      standard.set(name, value);
    }
  }
  return standard;
}
