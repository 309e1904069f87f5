import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { EmbeddedPostgresError, oneLine, useAnotherServer } from './embedded-postgres-error.ts';
import { type Command, type FinishedProgram, runProgram } from './run-program.ts';

/** How PostgreSQL's programs are started for this user, and what they are. */
export interface Launcher {
  readonly majorVersion: number;
  command(file: string, args: readonly string[]): Command;
}

/**
 * Finds out how to run PostgreSQL as the current user, by running `postgres -V`.
 *
 * PostgreSQL refuses root, and `initdb` a uid without a name. Both run in a user namespace of their own, where
 * the same user carries another number: no file changes its owner, and the kernel still sees the same user.
 * Throws EmbeddedPostgresError when that is impossible
 */
export async function chooseLauncher(postgres: string): Promise<Launcher> {
  const mapped = needsOtherUid();
  const wrapper = mapped ? await namespaceArguments() : [];
  const command = (file: string, args: readonly string[]): Command => {
    const [first = file, ...rest] = [...wrapper, file, ...args];
    return [first, rest];
  };
  const { succeeded, output } = await tryProgram(command(postgres, ['-V']));
  const majorVersion = Number(/PostgreSQL\) (\d+)/.exec(output)?.[1]);
  if (succeeded && majorVersion > 0) {
    return { majorVersion, command };
  }
  const reason = oneLine(output);
  throw new EmbeddedPostgresError(
    mapped
      ? `PostgreSQL does not run as uid ${process.getuid?.()}, and a user namespace is not to be had (${reason}): start as a normal user, or ${useAnotherServer}`
      : `the embedded PostgreSQL does not run here (${reason}): ${useAnotherServer}`,
  );
}

function needsOtherUid(): boolean {
  if (process.getuid?.() === 0) {
    return true;
  }
  try {
    userInfo();
    return false;
  } catch {
    return true;
  }
}

async function namespaceArguments(): Promise<string[]> {
  const uid = await namedUid();
  return ['unshare', '--user', `--map-user=${uid}`, `--map-group=${uid}`];
}

// @NOTE initdb insists that its uid has a name; which one is of no consequence, the kernel maps it back.
async function namedUid(): Promise<number> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const uids = passwd.split('\n').map((line) => Number(line.split(':')[2]));
  return uids.find((uid) => uid > 0) ?? 1000;
}

async function tryProgram(command: Command): Promise<FinishedProgram> {
  try {
    return await runProgram(command);
  } catch (error) {
    return { succeeded: false, output: error instanceof Error ? error.message : String(error) };
  }
}
