import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readlink, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');
/** What Node.js runs for the command `brownie`. */
export const program = join(root, 'bin/brownie.cjs');

/** The service as a person starts it, in a process of its own. Disposing of it ends one that a failed test left. */
export interface LaunchedService extends AsyncDisposable {
  /** Where it listens, once it says so; rejects with its output where it ends instead. */
  readonly started: Promise<string>;
  readonly process: ChildProcess;
  /** All that it has written so far. */
  readonly output: () => string;
  /** Sends a signal and resolves with exit code and signal once it is gone. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export interface ServiceProcess extends LaunchedService {
  readonly url: string;
}

/** A finished command. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Variables = Readonly<Record<string, string>>;

// @NOTE nothing of the machine's own configuration may reach the service under test.
const environment = (variables: Variables): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  METADATA_PORT: '0',
  METADATA_DRAIN_SECONDS: '0',
  ...variables,
});

const ended = (child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> =>
  new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));

/** Starts `brownie serve`, as far as it may come. @param cwd where it looks for `.env` */
export function launchService(variables: Variables, cwd = root): LaunchedService {
  const child = spawn(process.execPath, [program, 'serve'], { cwd, env: environment(variables) });
  const isOver = ended(child);
  let output = '';
  createInterface(child.stderr).on('line', (line) => {
    output += `${line}\n`;
  });
  const started = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      output += `${line}\n`;
      const [, address] = /"url":"(https?:[^"]+)","message":"service started"/.exec(line) ?? [];
      if (address !== undefined) {
        resolve(address);
      }
    });
    isOver.then(({ code }) => reject(new Error(`the service ended with ${code}:\n${output}`)));
  });
  // @NOTE whoever does not wait for the start does not mind that it fails.
  started.catch(() => undefined);
  return {
    started,
    process: child,
    output: () => output,
    end: (signal) => {
      child.kill(signal);
      return isOver;
    },
    async [Symbol.asyncDispose]() {
      // @NOTE nothing is sent to a process that has ended: its number may be somebody else's by now.
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
      }
      await isOver;
    },
  };
}

/** As `launchService`; resolves when it says where it listens, and rejects with its output where it ends instead. */
export async function startService(variables: Variables, cwd = root): Promise<ServiceProcess> {
  const service = launchService(variables, cwd);
  return { ...service, url: await service.started };
}

/** Runs a command of `brownie` to its end. @param cwd where it looks for `.env` and `dev-certs` */
export async function brownie(
  args: readonly string[],
  variables: Variables = {},
  cwd = root,
): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...args], { cwd, env: environment(variables) });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const { code } = await ended(child);
  return { code, stdout, stderr };
}

/** The lines of a log. Throws where one is no JSON. */
export const logLines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** What a log says, without the form that it has. */
export const messagesOf = (text: string): string =>
  logLines(text)
    .map(({ message }) => message)
    .join('\n');

/** A folder of a test's own, removed once nothing works in it any more. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(await realpath(tmpdir()), 'brownie-acceptance-'));
  return {
    path,
    async [Symbol.asyncDispose]() {
      await untilUnused(path);
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * Resolves once no process has its working folder below `path`, or after two minutes. After kill -9 of a service, its PostgreSQL
 * is stopped by a watchdog, and writes meanwhile. Where there is no /proc, that is left to the attempts to remove the folder.
 */
async function untilUnused(path: string): Promise<void> {
  const deadline = performance.now() + 120_000;
  while ((await workingFolders()).some((folder) => folder.startsWith(path)) && performance.now() < deadline) {
    await delay(50);
  }
}

/** The working folders of all processes that are ours to see. */
async function workingFolders(): Promise<string[]> {
  const processes = await readdir('/proc').catch(() => []);
  const links = processes.filter((name) => /^\d+$/.test(name)).map((pid) => readlink(`/proc/${pid}/cwd`));
  return (await Promise.allSettled(links)).flatMap((link) =>
    link.status === 'fulfilled' ? [link.value] : [],
  );
}
