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
