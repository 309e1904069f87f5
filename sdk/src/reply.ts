import { BrownieError, type Problem } from './errors.ts';
import { withInfo } from './reply-info.ts';
import { retryAfterMs } from './retry.ts';

/** The value of a reply; remembers the headers that it came with. Throws what `errorOf` makes of a reply that is no success. */
export async function bodyOf(reply: Response, parse: (text: string) => unknown): Promise<unknown> {
  const text = await reply.text();
  if (!reply.ok) {
    throw errorOf(reply, text, parse);
  }
  if (text === '') {
    return undefined;
  }
  try {
    return withInfo(parse(text), reply);
  } catch (cause) {
    throw unexpected(reply, text, cause);
  }
}

/** The values of a reply that has one in each line, as they arrive. */
export async function linesOf(reply: Response, parse: (text: string) => unknown): Promise<unknown> {
  if (!reply.ok || reply.body === null) {
    return await bodyOf(reply, parse);
  }
  return withInfo(readLines(reply.body, parse), reply);
}

async function* readLines(
  body: ReadableStream<Uint8Array>,
  parse: (text: string) => unknown,
): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new BrownieError('client.unreachable', 'The reply broke off', { cause });
      });
      const lines = `${rest}${decoder.decode(value, { stream: !done })}`.split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      yield* lines.filter((line) => line !== '').map((line) => parse(line));
      if (done) {
        return;
      }
    }
  } finally {
    // @NOTE whoever stops reading half-way wants no more of it.
    await reader.cancel().catch(() => undefined);
  }
}

/** A reply that is no success is an error, whether or not it says why: a proxy's page, or no body at all. */
function errorOf(reply: Response, text: string, parse: (text: string) => unknown): BrownieError {
  if (reply.status === 304) {
    return new BrownieError('client.not_modified', 'What is there is what is known', detailsOf(reply));
  }
  const problem = problemOf(text, parse);
  return problem === undefined
    ? unexpected(reply, text)
    : new BrownieError(problem.code, problem.detail, { ...detailsOf(reply), problem });
}

const unexpected = (reply: Response, text: string, cause?: unknown): BrownieError =>
  new BrownieError(
    'client.unexpected_reply',
    `${reply.status} with no reply of the service: ${text.slice(0, 200) || 'nothing'}`,
    { ...detailsOf(reply), cause },
  );

function detailsOf({ status, headers }: Response): {
  status: number;
  requestId?: string;
  retryAfterMs?: number;
} {
  const requestId = headers.get('x-request-id');
  const wait = retryAfterMs(headers.get('retry-after'));
  return {
    status,
    ...(requestId !== null && { requestId }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
}

function problemOf(text: string, parse: (text: string) => unknown): Problem | undefined {
  try {
    const value = parse(text) as Partial<Problem> | null;
    return typeof value?.code === 'string' && typeof value.detail === 'string'
      ? (value as Problem)
      : undefined;
  } catch {
    return undefined;
  }
}
