import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { LineWriter } from '../system/line-writer.ts';
import { holdToPromise } from './end-deadline.ts';
import { nodeFlags } from './node-flags.ts';
import { processLine } from './process-line.ts';
import { watchTerminal } from './watch-terminal.ts';
import { wrapLines } from './wrap-lines.ts';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Runs this program again, with one argument more, as a child whose standard error leaves as JSON lines whatever writes
 * it: Node.js, V8 on its last breath, a native library. Standard output is the child's own. Passes signals on, and
 * ends as the child ended: with its exit code, or by its signal.
 *
 * The child's standard input is a pipe that ends when this process does: `endWithParent` there takes the child along,
 * however this one died. A child that does not end when it said that it would (`promiseEnd`) is killed.
 */
export async function runInChild(argument: string): Promise<void> {
  // @NOTE where it goes may be full, and whoever reads us gone or asleep: no reason to take the service down, or to outlive it. Node.js
  // makes a pipe non-blocking when the stream is first touched.
  process.stderr.on('error', () => undefined);
  const nobodyToTell = (): void => undefined;
  const stderr = new LineWriter({ fd: 2, onFailure: nobodyToTell, onRecovery: nobodyToTell });
  process.once('exit', () => stderr.flushSync());
  const write = (line: string): void => stderr.write(line);
  replaceWarnings((warning) => write(processLine('warning', warning)));

  // biome-ignore lint/style/noProcessEnv: it is Node.js that reads it, not the configuration.
  const flags = nodeFlags(process.execArgv, process.env['NODE_OPTIONS']);
  const child = spawn(
    process.execPath,
    [...flags, ...process.argv.slice(1), argument],
    // @NOTE not by `launch`: it is this program itself, with our whole environment, our standard output and two pipes.
    // Detached: else Ctrl-C reaches the child twice, by the terminal and by us, and the second means "at once".
    { stdio: ['pipe', 'inherit', 'pipe', 'ipc'], detached: process.platform !== 'win32' },
  );
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  child.stdin?.on('error', () => undefined);
  holdToPromise(child, (seconds) =>
    write(
      processLine('critical', `the service has not ended within ${seconds} s, as it should: it is killed`),
    ),
  );
  const stopForwarding = forwardSignals(child);
  const lines = child.stderr === null ? undefined : wrapLines(child.stderr, write);
  const { code, signal } = await exited;
  // @NOTE a grandchild that lives on may hold the pipe open; nothing of the service is in it any more.
  setTimeout(() => child.stderr?.destroy(), 1_000).unref();
  await lines?.ended;
  stopForwarding();
  lines?.lastWords(code === 0 ? 'error' : 'critical');
  if (signal === null) {
    process.exitCode = code ?? 1;
    return;
  }
  write(processLine('critical', `the service was ended by ${signal}`, { signal }));
  await stderr.flush();
  endBy(signal);
}

function forwardSignals(child: ChildProcess): () => void {
  const terminalIsGone = watchTerminal();
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal === 'SIGHUP' && terminalIsGone() ? 'SIGTERM' : signal);
  };
  for (const signal of forwarded) {
    process.on(signal, forward);
  }
  return () => {
    for (const signal of forwarded) {
      process.removeListener(signal, forward);
    }
  };
}

/** Hands Node's warnings to `report` instead of to standard error. */
export function replaceWarnings(report: (warning: string, stack: string | undefined) => void): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => report(`${warning.name}: ${warning.message}`, warning.stack));
}

/** @NOTE process 1 of a container cannot be killed by its own signal: there the exit code says it, as shells have it. */
function endBy(signal: NodeJS.Signals): void {
  process.exitCode = 128 + constants.signals[signal];
  process.kill(process.pid, signal);
}
