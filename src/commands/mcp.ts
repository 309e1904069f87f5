import { createInterface } from 'node:readline';

export interface McpOptions {
  readonly url: string;
  /** An API key, or an access token. */
  readonly key: string;
}

interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: {
    readonly name?: unknown;
    readonly uri?: unknown;
    readonly _meta?: Readonly<Record<string, unknown>>;
    readonly protocolVersion?: unknown;
  };
}

const revisionOfRequest = 'io.modelcontextprotocol/protocolVersion';

/** What the protocol has in headers, too, over HTTP: revision 2026-07-28 of every request, those before it once they have agreed on one. */
function headersOf({ method, params }: Message, agreed: string | undefined): Record<string, string> {
  const own = params?._meta?.[revisionOfRequest];
  if (typeof own !== 'string') {
    return agreed === undefined ? {} : { 'mcp-protocol-version': agreed };
  }
  const name = params?.name ?? params?.uri;
  return {
    'mcp-protocol-version': own,
    ...(method === undefined ? {} : { 'mcp-method': method }),
    ...(typeof name === 'string' ? { 'mcp-name': encoded(name) } : {}),
  };
}

/** @NOTE what is no plain text in a header goes as the protocol has it. */
const encoded = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;

/** The messages of a reply, whichever of both ways it comes. */
const messagesIn = (type: string, text: string): string[] =>
  type.startsWith('text/event-stream')
    ? text.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trim()] : []))
    : [text.replaceAll('\n', ' ')];

/**
 * The Model Context Protocol over standard input and output, for clients that start a process: each message goes to `/mcp` of a service that runs, as whom the key is of. Ends with
 * its input.
 */
export async function mcp({ url, key }: McpOptions): Promise<void> {
  let agreed: string | undefined;
  const write = (message: string): void => {
    process.stdout.write(`${message}\n`);
  };
  const refuse = (id: Message['id'], message: string): void => {
    if (id !== undefined) {
      write(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_000, message } }));
    }
  };
  const forward = async (line: string): Promise<void> => {
    const message = JSON.parse(line) as Message;
    const reply = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headersOf(message, agreed),
      },
      body: line,
    });
    const text = await reply.text();
    const type = reply.headers.get('content-type') ?? '';
    if (type.startsWith('application/problem+json')) {
      const { code, detail } = JSON.parse(text) as { readonly code: string; readonly detail: string };
      refuse(message.id, `${code}: ${detail}`);
      return;
    }
    for (const each of text === '' ? [] : messagesIn(type, text)) {
      if (message.method === 'initialize') {
        agreed = (JSON.parse(each) as { result?: { protocolVersion?: string } }).result?.protocolVersion;
      }
      write(each);
    }
  };
  const underWay = new Set<Promise<void>>();
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== '') {
      const work = forward(line)
        .catch((error: unknown) => refuse(idOf(line), `${url} does not answer: ${whyOf(error)}`))
        .finally(() => underWay.delete(work));
      underWay.add(work);
      // @NOTE what is agreed on holds for all that comes after.
      if (/"method"\s*:\s*"initialize"/.test(line)) {
        await work;
      }
    }
  }
  await Promise.all(underWay);
}

function idOf(line: string): Message['id'] {
  try {
    return (JSON.parse(line) as Message).id;
  } catch {
    return undefined;
  }
}

const whyOf = (error: unknown): string =>
  error instanceof Error
    ? error.cause instanceof Error
      ? error.cause.message
      : error.message
    : String(error);
