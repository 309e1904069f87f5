import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, programEnvironment } from './run-program.ts';
import { watchdogScript } from './watchdog.ts';

/** A running `postgres`, ready or not. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves once it is gone, with how it ended. Never rejects. */
  readonly ended: Promise<string>;
  /** Fast shutdown; after 10 s at once, with crash recovery at the next start. Resolves once it is gone. */
  stop(): Promise<void>;
  /** Ends it without a checkpoint. Resolves once it is gone. */
  abort(): Promise<void>;
}

/**
 * Starts a server under a watchdog. @NOTE not by `launch`: the watchdog hangs on a pipe that only this process holds, and a
 * server that nobody stopped must not keep the service alive. Rejects with the system error when it cannot be started.
 */
export async function spawnServer(
  [file, args]: Command,
  { dataDirectory, logFile }: { readonly dataDirectory: string; readonly logFile: string },
): Promise<ServerProcess> {
  await using log = await open(logFile, 'a', 0o600);
  // @NOTE Detached: a Ctrl-C reaches the terminal's whole process group, and the service must outlive its last query.
  const child = spawn('/bin/sh', ['-c', watchdogScript, 'brownie-postgres', dataDirectory, file, ...args], {
    cwd: dataDirectory,
    detached: true,
    env: programEnvironment,
    stdio: ['ignore', log.fd, log.fd, 'pipe'],
  });
  const ended = endOf(child);
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) {
    throw new Error('a process without a number');
  }
  attachWatchdog(child, ended);
  // @NOTE A forgotten server must not keep the service alive: its watchdog stops it when the service ends.
  child.unref();

  const signal = async (name: NodeJS.Signals, timeoutMs: number) => {
    child.kill(name);
    const patience = new AbortController();
    const late = delay(timeoutMs, false, { signal: patience.signal }).catch(() => false);
    const gone = await Promise.race([ended.then(() => true), late]);
    patience.abort();
    return gone;
  };
  const abort = async () => {
    if (!(await signal('SIGQUIT', 10_000))) {
      await signal('SIGKILL', 10_000);
    }
  };
  const stop = async () => {
    if (!(await signal('SIGINT', 10_000))) {
      await abort();
    }
  };
  return { pid, ended, stop, abort };
}

function endOf(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  child.on('error', (error) => resolve(error.message));
  child.on('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : signal));
  return promise;
}

function attachWatchdog(child: ChildProcess, ended: Promise<string>): void {
  const pipe = child.stdio[3];
  if (!(pipe instanceof Socket)) {
    return;
  }
  pipe.unref();
  pipe.on('error', () => {});
  ended.then(() => pipe.end('gone\n'));
}
