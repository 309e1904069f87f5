import { join } from 'node:path';
import type { Variables } from './child-options.ts';
import { programPath } from './find-program.ts';
import { launch } from './launch.ts';

/** A program of somebody else's, running as a child of ours. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Sends a signal and resolves when the program is gone. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it works, and where its output goes: a file named after the command. */
  readonly directory: string;
  /** Environment variables beside those that every child gets. */
  readonly variables?: Variables;
  /** Whether it can be used; asked until the answer is yes. */
  readonly isReady: () => Promise<boolean>;
}

const readyTimeoutMs = 20_000;
const stopTimeoutMs = 10_000;

/**
 * Starts a program and resolves when it is ready. Rejects with the end of its output where it ends, or is not ready
 * within 20 s; with the name of the script that installs it where it is missing.
 */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { command, args, directory, variables, isReady } = options;
  // @NOTE not by its name alone: /usr/sbin, where nginx and HAProxy are, is on the PATH of root alone.
  const child = await launch(await programPath(command), args, {
    directory,
    environment: variables,
    logFile: join(directory, `${command}.log`),
  }).catch((cause: Error) => {
    throw new Error(`${command} cannot be started: ${cause.message}`, { cause });
  });
  const end = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    await child.end(signal, { signal: 'SIGKILL', afterMs: stopTimeoutMs });
  };
  const state = await child.untilReady(isReady, readyTimeoutMs);
  if (state !== 'ready') {
    const fault =
      state === 'ended'
        ? `ended (${child.ending?.signal ?? child.ending?.code})`
        : `was not ready within ${readyTimeoutMs / 1000} s`;
    await end();
    throw new Error(`${command} ${fault}\n${await child.logTail()}`);
  }
  return { pid: child.pid, end, [Symbol.asyncDispose]: () => end() };
}

/** For `isReady`: whether an address answers 200. */
export const answers = (url: string) => async (): Promise<boolean> =>
  (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
