import { BrownieError } from './errors.ts';
import { table } from './generated/table.ts';
import type { Brownie } from './operation-types.ts';
import type { ClientOptions, RetryPolicy } from './options.ts';
import { bodyOf, linesOf } from './reply.ts';
import { type AnyInput, type Operation, type PreparedRequest, prepare } from './request.ts';
import { defaultRetry, withRetries } from './retry.ts';

type Settings = Required<Pick<ClientOptions, 'timeoutMs' | 'headers' | 'parse' | 'stringify' | 'baseUrl'>> &
  Pick<ClientOptions, 'token' | 'fetch'> & { readonly policy: RetryPolicy };

/** A client of one service. Nothing is sent before one of its functions is called, and there is nothing to close. */
export function createBrownie(options: ClientOptions): Brownie {
  const settings: Settings = {
    timeoutMs: 30_000,
    headers: {},
    parse: JSON.parse,
    stringify: JSON.stringify,
    ...options,
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    policy: { ...defaultRetry, ...options.retry },
  };
  const entries = Object.entries<Operation>(table).map(([id, operation]) => [
    id,
    (input: AnyInput = {}) => call(settings, operation, input),
  ]);
  return Object.fromEntries(entries) as Brownie;
}

async function call(settings: Settings, operation: Operation, input: AnyInput): Promise<unknown> {
  const request = prepare(operation, input, settings);
  const { policy } = settings;
  const { isRepeatable } = request;
  return await withRetries(() => attempt(settings, operation, request, input), {
    policy,
    isRepeatable,
    signal: input.signal,
  });
}

async function attempt(
  { fetch = globalThis.fetch, token, headers, parse, ...settings }: Settings,
  { answersLines }: Operation,
  request: PreparedRequest,
  { signal, timeoutMs = settings.timeoutMs }: AnyInput,
): Promise<unknown> {
  const bearer = typeof token === 'function' ? await token() : token;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const reply = await fetch(request.url, {
      method: request.method,
      headers: {
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...headers,
        ...request.headers,
      },
      ...(request.body !== undefined && { body: request.body }),
      signal: signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal]),
    });
    // @NOTE lines are read for as long as they come: their time is the caller's.
    return await (answersLines ? linesOf(reply, parse) : bodyOf(reply, parse));
  } catch (cause) {
    if (cause instanceof BrownieError) {
      throw cause;
    }
    throw timeout.signal.aborted
      ? new BrownieError('client.timeout', `No reply within ${timeoutMs} ms`, { cause })
      : new BrownieError('client.unreachable', `${request.method} ${request.url} got no reply`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
