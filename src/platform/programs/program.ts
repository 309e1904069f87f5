import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { programPath } from './find-program.ts';

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
  /** Environment variables beside those of this process. */
  readonly variables?: Readonly<Record<string, string>>;
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
  const { command, args, directory, variables = {}, isReady } = options;
  const logFile = join(directory, `${command}.log`);
  await using log = await open(logFile, 'a');
  // biome-ignore lint/style/noProcessEnv: what programs of others need, no setting of the service
  const env = { ...process.env, ...variables };
  // @NOTE not by its name alone: /usr/sbin, where nginx and HAProxy are, is on the PATH of root alone.
  const child = spawn(await programPath(command), args, {
    cwd: directory,
    env,
    stdio: ['ignore', log.fd, log.fd],
  });
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${command} cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`${command} ended (${signal ?? code})`));
  });
  const end = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await gone;
    clearTimeout(timer);
  };

  const deadline = performance.now() + readyTimeoutMs;
  let fault: string | undefined;
  gone.then((reason) => {
    fault = reason;
  });
  while (!(await isReady().catch(() => false))) {
    if (fault === undefined && performance.now() > deadline) {
      await end();
      fault = `${command} was not ready within ${readyTimeoutMs / 1000} s`;
    }
    if (fault !== undefined) {
      throw new Error(`${fault}\n${(await readFile(logFile, 'utf8')).slice(-2_000)}`);
    }
    await delay(50);
  }
  return { pid: child.pid ?? 0, end, [Symbol.asyncDispose]: () => end() };
}

/** For `isReady`: whether an address answers 200. */
export const answers = (url: string) => async (): Promise<boolean> =>
  (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
