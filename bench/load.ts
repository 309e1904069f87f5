import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A service under load, in a process of its own. */
export interface Subject extends Disposable {
  readonly name: string;
  readonly url: string;
}

/** Starts `bench/service.ts`. */
export async function startSubject(name: string, ...args: readonly string[]): Promise<Subject> {
  const child = spawn(process.execPath, ['bench/service.ts', name, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { name, url, [Symbol.dispose]: () => child.kill() };
}

/** Requests a second that wrk gets through on 32 connections. Throws where a reply is not 2xx. */
export async function requestsPerSecond(url: string, token: string, seconds: number): Promise<number> {
  const header = `Authorization: Bearer ${token}`;
  const child = spawn('wrk', ['-t1', '-c32', `-d${seconds}s`, '-H', header, url]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  await once(child, 'close');
  const [, rate] = /Requests\/sec:\s+([\d.]+)/.exec(output) ?? [];
  if (rate === undefined || output.includes('Non-2xx')) {
    throw new Error(`wrk against ${url}:\n${output}`);
  }
  return Number(rate);
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** What a request takes, in milliseconds, the body included. */
export async function timeOf(url: string): Promise<number> {
  const startedAt = performance.now();
  await (await fetch(url)).arrayBuffer();
  return performance.now() - startedAt;
}
