export interface ServeOptions {
  /** Set on the child that `serve` starts; nobody else gives it. */
  readonly supervised?: boolean;
}

/** The argument that makes this process the service itself. */
const supervised = '--supervised';

/** What is left to do once everything is closed: to write what waits. */
const lastWordsMs = 30_000;

/**
 * Runs the service until it is told to stop. On a terminal here, in a form for people; elsewhere in a child of this
 * process, so that every byte of the log is JSON, whatever writes it (docs/adr/0012-one-json-line-for-everything.md).
 */
export async function serve(options: ServeOptions): Promise<void> {
  if (options.supervised !== true && process.stdout.isTTY !== true) {
    const { runInChild } = await import('../platform/process/run-in-child.ts');
    return await runInChild(supervised);
  }
  const { runService } = await import('./run-service.ts');
  try {
    await runService({ isSupervised: options.supervised === true });
  } finally {
    const { promiseEnd } = await import('../platform/process/end-deadline.ts');
    promiseEnd(lastWordsMs);
  }
}
