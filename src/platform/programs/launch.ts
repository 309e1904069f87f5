import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { until } from '../system/until.ts';
import { type ChildOptions, spawnOptions } from './child-options.ts';

/** How a process ended: with an exit code, or by a signal. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that was started to run beside this one, which it outlives where nobody ends it. */
export interface Child {
  readonly pid: number;
  /** How it ended; undefined while it runs. */
  readonly ending: Ending | undefined;
  /** Resolves once it is gone. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Sends a signal, and another one where that did not end it in time; resolves once it is gone. */
  end(
    signal: NodeJS.Signals,
    insistence?: { readonly signal: NodeJS.Signals; readonly afterMs: number },
  ): Promise<Ending>;
  /** Asks until it can be used: `late` where that takes too long, and it goes on. */
  untilReady(isReady: () => Promise<boolean>, timeoutMs: number): Promise<'ready' | 'ended' | 'late'>;
  /** The end of what it wrote. */
  logTail(): Promise<string>;
}

export interface LaunchOptions extends ChildOptions {
  /** Gets all that it writes, after what is there. */
  readonly logFile: string;
}

/** Starts a program, by its path; resolves as soon as the process is there. Rejects with the system error where it cannot be started. */
export async function launch(
  file: string,
  args: readonly string[],
  { logFile, ...options }: LaunchOptions,
): Promise<Child> {
  await using log = await open(logFile, 'a');
  const child = spawn(file, args, { ...spawnOptions(options), stdio: ['ignore', log.fd, log.fd] });
  const { promise: ended, resolve } = Promise.withResolvers<Ending>();
  let ending: Ending | undefined;
  child.once('exit', (code, signal) => {
    ending = { code, signal };
    resolve(ending);
  });
  await once(child, 'spawn');
  // @NOTE a signal that cannot be sent, for instance: `ended` says all there is to say.
  child.on('error', () => undefined);
  return {
    pid: child.pid ?? 0,
    get ending() {
      return ending;
    },
    ended,
    async end(signal, insistence) {
      child.kill(signal);
      const timer = insistence && setTimeout(() => child.kill(insistence.signal), insistence.afterMs);
      await ended;
      clearTimeout(timer);
      return await ended;
    },
    async untilReady(isReady, timeoutMs) {
      const isOver = async (): Promise<boolean> =>
        ending !== undefined || (await isReady().catch(() => false));
      const isInTime = await until(isOver, { timeoutMs, everyMs: 50 });
      return ending === undefined ? (isInTime ? 'ready' : 'late') : 'ended';
    },
    logTail: async () => (await readFile(logFile, 'utf8')).slice(-2_000),
  };
}
