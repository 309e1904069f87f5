import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from '../../src/platform/programs/run-to-end.ts';

/** A request of a benchmark. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** With its query. */
  readonly path: string;
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** Where it comes from, as a proxy would say. */
  readonly address?: string;
}

/** What clients got that ask again as soon as they have their answer. */
export interface Served {
  /** Answered with a status below 400, and with another or not at all. */
  readonly good: number;
  readonly bad: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Lets wrk send these requests in turn, again and again.
 *
 * @NOTE why wrk: what makes the load runs on the cores that are measured. It takes 5 to 10 µs a request; the clients for Node.js take 40
 * and more, most of what a bare server gives.
 */
export async function wrk(
  url: string,
  requests: readonly Request[],
  options: {
    readonly connections: number;
    readonly seconds: number;
    readonly directory: string;
    /** How long each client waits before it asks again; not at all by default. */
    readonly pauseMs?: number;
  },
): Promise<Served> {
  const script = join(options.directory, `${randomUUID()}.lua`);
  const raw = requests.map((request) => rawRequest(url, request));
  await writeFile(script, scriptOf(raw, options.pauseMs));
  const load = ['-t1', `-c${options.connections}`, `-d${options.seconds}s`, '--timeout=30s'];
  const { stdout, stderr } = await runToEnd('wrk', [...load, '-s', script, url]);
  await rm(script);
  const [, result] = /^result (.*)$/m.exec(stdout) ?? [];
  if (result === undefined) {
    throw new Error(`wrk against ${url}:\n${stdout}${stderr}`);
  }
  const [count = 0, refused = 0, unanswered = 0, seconds = 0, p50Ms = 0, p99Ms = 0] = result
    .split(' ')
    .map(Number);
  return { good: count - refused, bad: refused + unanswered, seconds, p50Ms, p99Ms };
}

function rawRequest(url: string, { method, path, token, body, address }: Request): string {
  const content = body === undefined ? '' : JSON.stringify(body);
  return [
    `${method} ${path} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    ...(address === undefined ? [] : [`X-Forwarded-For: ${address}`]),
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(content)}`]),
    '',
    content,
  ].join('\r\n');
}

/** @NOTE whole requests, put together before: Lua only takes the next one. JSON's strings in ASCII are Lua's but for `\/` and `\u`, which are not made here. */
const scriptOf = (requests: readonly string[], pauseMs?: number): string => `
local requests = {${requests.map((request) => JSON.stringify(request)).join(',\n')}}
local turn = 0
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
${pauseMs === undefined ? '' : `function delay() return ${pauseMs} end`}
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("result %d %d %d %.6f %.3f %.3f\\n", summary.requests, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
`;
