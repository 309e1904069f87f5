import { readFile } from 'node:fs/promises';
import { OperationError } from '../errors/operation-error.ts';

/** A user of the machine. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/**
 * The user that PostgreSQL's programs run as. PostgreSQL refuses to run as root: root takes on the user named;
 * anybody else stays who they are (undefined).
 */
export async function systemUser(name = 'postgres'): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  const line = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  const [, , uid, gid, , home] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined || home === undefined) {
    throw new OperationError(
      `There is no user "${name}" on this machine: run this as the user that owns the data of PostgreSQL`,
    );
  }
  return { uid: Number(uid), gid: Number(gid), home };
}
