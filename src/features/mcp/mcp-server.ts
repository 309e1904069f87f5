import {
  type CallToolResult,
  type ListToolsResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server';
import type { Scope } from '../../platform/auth/scopes.ts';
import { version } from '../../platform/system/version.ts';
import { findPrompt, listPrompts } from './prompts.ts';
import { readResource, resourceTemplates } from './resources.ts';
import { type Operations, ToolFault } from './tool.ts';
import type { ReadyTool } from './tools.ts';

export interface Conversation {
  readonly tools: ReadonlyMap<string, ReadyTool>;
  readonly operations: Operations;
  /** What the caller may. */
  scopes(): Promise<readonly Scope[]>;
  /** Told of each call of a tool. */
  onCalled(tool: string, outcome: 'done' | 'refused'): void;
}

const instructions =
  'The system of record for incidents, teams and agents of one organization. Begin with whoami: it has your teams. Find before you report. Comment what you learn, and set an incident to resolved when it is over.';

/** How long what is listed may be kept, in milliseconds: rights change. */
const ttlMs = 60_000;

/** One conversation of the Model Context Protocol: of one request, since nothing is kept between them. */
export function createMcpServer(conversation: Conversation): Server {
  const { operations } = conversation;
  const server = new Server(
    { name: 'brownie-metadata-api', title: 'Brownie Metadata API', version },
    { capabilities: { tools: {}, resources: {}, prompts: {} }, instructions },
  );
  server.setRequestHandler('tools/list', async () => ({
    tools: toolsFor(conversation.tools, await conversation.scopes()),
    ttlMs,
    cacheScope: 'private',
  }));
  server.setRequestHandler('tools/call', ({ params }) =>
    callTool(conversation, params.name, params.arguments ?? {}),
  );
  server.setRequestHandler('resources/list', async () => ({ resources: [], ttlMs, cacheScope: 'private' }));
  server.setRequestHandler('resources/templates/list', async () => ({
    resourceTemplates: resourceTemplates(await conversation.scopes()),
    ttlMs,
    cacheScope: 'private',
  }));
  server.setRequestHandler('resources/read', async ({ params: { uri } }) => ({
    contents: [
      {
        uri,
        mimeType: 'application/json',
        text: JSON.stringify(await told(() => readResource(operations, uri))),
      },
    ],
    ttlMs: 0,
    cacheScope: 'private',
  }));
  server.setRequestHandler('prompts/list', async () => ({
    prompts: listPrompts(),
    ttlMs,
    cacheScope: 'public',
  }));
  server.setRequestHandler('prompts/get', ({ params }) =>
    told(async () => findPrompt(params.name, params.arguments)),
  );
  return server;
}

/** Where the protocol has no answer that says that something was refused, an error in the same words. */
async function told<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ToolFault
      ? new ProtocolError(ProtocolErrorCode.InvalidParams, error.message)
      : error;
  }
}

const toolsFor = (
  tools: ReadonlyMap<string, ReadyTool>,
  scopes: readonly Scope[],
): ListToolsResult['tools'] =>
  Array.from(tools.values(), ({ tool }) => tool)
    .filter(({ scope }) => scope === undefined || scopes.includes(scope))
    .map(({ name, title, description, input, output, changes }) => ({
      name,
      title,
      description,
      inputSchema: input as ListToolsResult['tools'][number]['inputSchema'],
      outputSchema: output as ListToolsResult['tools'][number]['outputSchema'],
      annotations:
        changes === 'nothing' ? { readOnlyHint: true } : { destructiveHint: changes === 'replaces' },
    }));

/** @NOTE what goes wrong is an answer, not an error of the protocol: a model sees it, and can do something else. */
async function callTool(
  { tools, operations, onCalled }: Conversation,
  name: string,
  given: Record<string, unknown>,
): Promise<CallToolResult> {
  const ready = tools.get(name);
  if (ready === undefined) {
    return refused(`There is no tool ${name}. There are: ${[...tools.keys()].join(', ')}.`);
  }
  try {
    ready.check(given);
    const structuredContent = await ready.tool.run(operations, given as never);
    onCalled(name, 'done');
    return {
      content: [{ type: 'text', text: JSON.stringify(structuredContent) }],
      structuredContent: structuredContent as Record<string, unknown>,
    };
  } catch (error) {
    if (!(error instanceof ToolFault)) {
      throw error;
    }
    onCalled(name, 'refused');
    return refused(error.message);
  }
}

const refused = (text: string): CallToolResult => ({ content: [{ type: 'text', text }], isError: true });
