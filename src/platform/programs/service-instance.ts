import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../system/free-port.ts';
import { childrenOf, isRunning } from '../system/processes.ts';
import type { Variables } from './child-options.ts';
import { type Child, type Ending as ChildEnding, launch as launchChild } from './launch.ts';
import { program } from './run-brownie.ts';

/** How an instance ended, and how long it took from the signal on. */
export interface Ending extends ChildEnding {
  readonly seconds: number;
}

/** `brownie serve` as a process of its own, at an address that stays over restarts. */
export interface ServiceInstance extends AsyncDisposable {
  readonly name: string;
  /** `http://127.0.0.1:40001` */
  readonly url: string;
  /** `127.0.0.1:40001` */
  readonly address: string;
  /** Holds everything that it wrote, over all its starts. */
  readonly logFile: string;
  /** How often it was started. */
  readonly starts: number;
  /** Of the process that was started; it has the service itself as its only child. Undefined while it does not run. */
  readonly pid: number | undefined;
  /** The end of its log. */
  logTail(): Promise<string>;
  /** Starts it, and resolves as soon as the process is there; rejects where it runs already. Other variables count for this start. */
  launch(others?: Variables): Promise<void>;
  /** Resolves once it is ready to serve; rejects with the end of its log where it ends, or is not within 60 s. */
  ready(): Promise<void>;
  /** Sends a signal and resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<Ending>;
  /** As kill -9 of the process that serves. Resolves when both are gone. */
  kill(): Promise<Ending>;
}

export interface InstanceOptions {
  readonly name: string;
  /** Where it works and logs. */
  readonly directory: string;
  readonly variables: Variables;
}

const readyTimeoutMs = 60_000;

/** An instance at a free port, not started yet. */
export async function createInstance({
  name,
  directory,
  variables,
}: InstanceOptions): Promise<ServiceInstance> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const url = `http://${address}`;
  const logFile = join(directory, `${name}.log`);
  let child: Child | undefined;
  let starts = 0;

  const runs = (): boolean => child !== undefined && child.ending === undefined;
  const logTail = async (): Promise<string> => (await readFile(logFile, 'utf8')).slice(-2_000);
  const launch = async (others = variables): Promise<void> => {
    if (runs()) {
      throw new Error(`${name} runs already`);
    }
    child = await launchChild(process.execPath, [program, 'serve'], {
      directory,
      environment: { ...others, METADATA_HOST: '127.0.0.1', METADATA_PORT: String(port) },
      logFile,
    });
    starts += 1;
  };
  const ready = async (): Promise<void> => {
    const state = await child?.untilReady(() => isOk(`${url}/health/ready`), readyTimeoutMs);
    if (state !== 'ready') {
      const what = state === 'late' ? `was not ready within ${readyTimeoutMs / 1000} s` : 'ended';
      throw new Error(`${name} ${what}\n${await logTail()}`);
    }
  };
  const ending = async (send: (running: Child) => Promise<ChildEnding>): Promise<Ending> => {
    const sentAt = performance.now();
    const how = child === undefined ? { code: null, signal: null } : await send(child);
    return { ...how, seconds: (performance.now() - sentAt) / 1000 };
  };
  const end = (signal: NodeJS.Signals): Promise<Ending> => ending((running) => running.end(signal));

  return {
    name,
    url,
    address,
    logFile,
    get starts() {
      return starts;
    },
    get pid() {
      return runs() ? child?.pid : undefined;
    },
    logTail,
    launch,
    ready,
    end,
    kill: () => ending(killServing),
    async [Symbol.asyncDispose]() {
      await end('SIGKILL');
    },
  };
}

/** @NOTE the child of `serve` holds the port: killing the parent alone would let it say its last words. */
async function killServing(parent: Child): Promise<ChildEnding> {
  if (parent.ending === undefined) {
    const pids = (await childrenOf(parent.pid)).map(({ pid }) => pid);
    for (const pid of [...pids, parent.pid]) {
      process.kill(pid, 'SIGKILL');
    }
    while ((await Promise.all(pids.map(isRunning))).includes(true)) {
      await delay(5);
    }
  }
  return await parent.ended;
}

/** Whether an address answers 2xx within a second. */
export async function isOk(url: string): Promise<boolean> {
  return await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    async (reply) => {
      await reply.body?.cancel();
      return reply.ok;
    },
    () => false,
  );
}
