import { join } from 'node:path';
import { RefusedError } from '../../../platform/errors/operation-error.ts';
import { runPipe } from '../../../platform/programs/run-pipe.ts';
import {
  decryption,
  fileName,
  folderParts,
  type IdentityPath,
  type Manifest,
  throwKeyFault,
} from '../store/index.ts';

const tar = async (
  folder: string,
  { recipient }: Pick<Manifest, 'recipient'>,
  identityPath: IdentityPath,
  args: readonly string[],
): Promise<string> =>
  await runPipe([
    decryption(join(folder, fileName('folder', recipient)), recipient, identityPath),
    { program: 'gzip', args: ['-d'] },
    { program: 'tar', args: [...args, '-f', '-'] },
  ]).catch(throwKeyFault);

/**
 * Puts the copy that is in a backup into a folder, as of whoever does it. Throws OperationError where it cannot be read, and RefusedError where it is
 * encrypted and the key is not there.
 */
export async function extractFolder(
  folder: string,
  manifest: Pick<Manifest, 'recipient'>,
  { into, identityPath }: { readonly into: string; readonly identityPath?: IdentityPath },
): Promise<void> {
  await tar(folder, manifest, identityPath, ['-x', '-o', '-p', '-C', into]);
}

/** In words, what is wrong with the list of a copy; empty: nothing. Throws RefusedError where it is encrypted and the key is not there. */
export async function folderFaults(
  folder: string,
  manifest: Pick<Manifest, 'recipient'>,
  identityPath?: IdentityPath,
): Promise<string[]> {
  try {
    const list = (await tar(folder, manifest, identityPath, ['-t'])).split('\n');
    return list.includes(`${folderParts.data}/PG_VERSION`) ? [] : ['there is no database in it'];
  } catch (error) {
    if (error instanceof RefusedError) {
      throw error;
    }
    return [error instanceof Error ? error.message : String(error)];
  }
}
