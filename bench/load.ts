import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A service under load, in a process of its own. */
export interface Subject extends Disposable {
  readonly name: string;
  readonly url: string;
  /** Of the operators' port. */
  readonly operationsUrl: string;
}

/** Starts `bench/service.ts`. */
export async function startSubject(name: string, ...args: readonly string[]): Promise<Subject> {
  const child = spawn(process.execPath, ['bench/service.ts', name, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const [url = '', operationsUrl = url] = line.split(' ');
  return { name, url, operationsUrl, [Symbol.dispose]: () => child.kill() };
}

/** What wrk got through: requests a second, answered with 2xx and otherwise. */
export interface Throughput {
  readonly good: number;
  readonly bad: number;
}

/** Lets wrk ask, on each connection again as soon as it has its answer. Throws where wrk fails. */
export async function load(
  url: string,
  token: string,
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<Throughput> {
  const header = `Authorization: Bearer ${token}`;
  const child = spawn('wrk', [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout=10s',
    '-H',
    header,
    url,
  ]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  await once(child, 'close');
  const [, requests, duration] = /(\d+) requests in ([\d.]+)s/.exec(output) ?? [];
  if (requests === undefined || duration === undefined) {
    throw new Error(`wrk against ${url}:\n${output}`);
  }
  const [, refused = '0'] = /Non-2xx or 3xx responses: (\d+)/.exec(output) ?? [];
  const perSecond = (count: number): number => count / Number(duration);
  return { good: perSecond(Number(requests) - Number(refused)), bad: perSecond(Number(refused)) };
}

/** Requests a second on 32 connections. Throws where a reply is not 2xx. */
export async function requestsPerSecond(url: string, token: string, seconds: number): Promise<number> {
  const { good, bad } = await load(url, token, { connections: 32, seconds });
  if (bad > 0) {
    throw new Error(`${url} refused ${bad} requests a second`);
  }
  return good;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** @param share 0 to 1: 1 is the largest */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN;

/** What a request takes, in milliseconds, the body included. */
export async function timeOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const startedAt = performance.now();
  await (await fetch(url, { headers })).arrayBuffer();
  return performance.now() - startedAt;
}
