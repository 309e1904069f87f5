import { spawn } from 'node:child_process';
import { programPath } from './find-program.ts';
import type { SystemUser } from './system-user.ts';

/** How a program ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Added to PATH, HOME, LC_ALL and TZ: nothing else of our environment, which holds secrets, is passed on. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whom it runs as, where we may choose. */
  readonly user?: SystemUser | undefined;
  readonly input?: string;
}

/** What every program of others gets to see of the environment. */
export const bareEnvironment = (
  further: Readonly<Record<string, string>> = {},
): Record<string, string> & { PATH: string } => ({
  // biome-ignore lint/style/noProcessEnv: the PATH is where programs are, no setting of the service
  PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  ...further,
});

/**
 * Runs a program to its end, whatever its exit code. Throws OperationError where it is not installed.
 * @param name looked up as `findProgram` does
 */
export async function runToEnd(
  name: string,
  args: readonly string[],
  { environment, user, input = '' }: RunOptions = {},
): Promise<Finished> {
  const child = spawn(await programPath(name), args, {
    cwd: '/',
    env: bareEnvironment({ ...environment, ...(user === undefined ? {} : { HOME: user.home }) }),
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const { promise, resolve, reject } = Promise.withResolvers<Finished>();
  child.once('error', reject);
  child.once('close', (code) => resolve({ code, stdout, stderr }));
  return await promise;
}
