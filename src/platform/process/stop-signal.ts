import { endNow } from './fatal-error-handlers.ts';
import { watchTerminal } from './watch-terminal.ts';

export interface Signals {
  /** Resolves at SIGINT, at SIGTERM, or when the terminal hangs up; another one then ends the process at once. */
  readonly stopped: Promise<NodeJS.Signals>;
  /** What SIGHUP does from now on; before, it does nothing. */
  onReload(reload: () => void): void;
}

/** Takes over the signals of this process. */
export function stopSignal(): Signals {
  const { promise: stopped, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const terminalIsGone = watchTerminal();
  let reload = (): void => undefined;
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) {
      endNow();
    }
    isStopping = true;
    resolve(signal);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', (signal) => (terminalIsGone() ? stop(signal) : reload()));
  return {
    stopped,
    onReload: (next) => {
      reload = next;
    },
  };
}

/**
 * Calls `onOrphaned` when the process that started this one with a pipe on its standard input is gone. Does not keep
 * this process alive.
 */
export function endWithParent(onOrphaned: () => void): void {
  process.stdin.on('error', onOrphaned);
  process.stdin.once('end', onOrphaned);
  process.stdin.resume();
  // @NOTE a pipe is a socket here; a file, which nobody who means it would give, has no such method.
  (process.stdin as { unref?: () => void }).unref?.();
}
