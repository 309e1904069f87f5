import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '../src/platform/programs/launch.ts';
import { runToEnd } from '../src/platform/programs/run-to-end.ts';

/** A service under load, in a process of its own. */
export interface Subject extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  /** Of the operators' port. */
  readonly operationsUrl: string;
}

const startTimeoutMs = 60_000;
const program = join(import.meta.dirname, 'service.ts');

/** Starts `bench/service.ts`, which says where it listens. */
export async function startSubject(name: string, ...args: readonly string[]): Promise<Subject> {
  const directory = await mkdtemp(join(tmpdir(), 'brownie-bench-subject-'));
  await using resources = new AsyncDisposableStack();
  resources.defer(() => rm(directory, { recursive: true }));
  const logFile = join(directory, 'output');
  const child = await launch(process.execPath, [program, name, ...args], { logFile });
  resources.defer(async () => void (await child.end('SIGTERM')));
  const hasSpoken = async (): Promise<boolean> => (await readFile(logFile, 'utf8')).endsWith('\n');
  if ((await child.untilReady(hasSpoken, startTimeoutMs)) !== 'ready') {
    throw new Error(`${name} does not start:\n${await child.logTail()}`);
  }
  const [url = '', operationsUrl = url] = (await readFile(logFile, 'utf8')).trim().split(' ');
  const kept = resources.move();
  return { name, url, operationsUrl, [Symbol.asyncDispose]: () => kept.disposeAsync() };
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
  const { stdout: output } = await runToEnd('wrk', [
    ...['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout=10s'],
    ...['-H', header, url],
  ]);
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
