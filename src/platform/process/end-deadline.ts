import type { ChildProcess } from 'node:child_process';

/**
 * Tells the parent process, where one watches, how soon this one will have ended: it is killed if it has not by then. What blocks the
 * end of a process (a log that hangs, a thread in the kernel) lets nothing run in it that could.
 */
export function promiseEnd(withinMs: number): void {
  process.send?.({ endsWithinMs: withinMs }, undefined, undefined, () => undefined);
}

/** Kills a child that does not keep what it promised; `onLate` is told before. Its last promise holds. */
export function holdToPromise(child: ChildProcess, onLate: (seconds: number) => void): void {
  let timer: NodeJS.Timeout | undefined;
  child.on('message', (message: { readonly endsWithinMs: number }) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      onLate(message.endsWithinMs / 1_000);
      child.kill('SIGKILL');
    }, message.endsWithinMs);
  });
  child.once('exit', () => clearTimeout(timer));
}
