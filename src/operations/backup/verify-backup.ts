import { randomBytes } from 'node:crypto';
import { withDatabase } from '../programs/connection-environment.ts';
import { type Check, checkOf } from './check.ts';
import { type IdentityPath, listFaults } from './read-dump.ts';
import { restoreBackup } from './restore-backup.ts';
import { dropTarget } from './restore-target.ts';
import type { ServiceSecrets } from './smoke-test.ts';
import type { StoredBackup } from './stored-backup.ts';

export interface VerifyOptions {
  /** Of a superuser, on the server to try a restore on; undefined: none is tried. */
  readonly restoreDsn?: string | undefined;
  readonly identityPath?: IdentityPath;
  readonly secrets: ServiceSecrets;
}

export interface Verification {
  readonly checks: readonly Check[];
  /** How long a restore took; undefined where none was tried. */
  readonly restoreSeconds: number | undefined;
}

/**
 * Looks at a backup: checksums, manifest, and the list of the dump where it can be read. With `restoreDsn` it is
 * restored into a database that is dropped afterwards, and verified there: nothing less shows that it is good.
 */
export async function verifyBackup(
  backup: StoredBackup,
  { restoreDsn, identityPath, secrets }: VerifyOptions,
): Promise<Verification> {
  const { manifest, faults, path } = backup;
  const stored = checkOf('files', faults, `${backup.bytes} bytes, as they were written`);
  if (manifest === undefined || faults.length > 0) {
    return { checks: [stored], restoreSeconds: undefined };
  }
  const isReadable = manifest.recipient === null || identityPath !== undefined;
  const list = isReadable
    ? checkOf(
        'list',
        await listFaults(path, manifest, identityPath),
        `rows of ${manifest.tables.length} tables`,
      )
    : { name: 'list', isOk: true, detail: 'encrypted, and the private key is not here: not read' };
  if (restoreDsn === undefined || !list.isOk) {
    return { checks: [stored, list], restoreSeconds: undefined };
  }
  const dsn = withDatabase(restoreDsn, `brownie_verify_${randomBytes(4).toString('hex')}`);
  const { target, checks, seconds } = await restoreBackup({ backup, dsn, identityPath, secrets });
  await dropTarget(target);
  return { checks: [stored, list, ...checks], restoreSeconds: seconds };
}
