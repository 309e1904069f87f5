import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { OperationError } from '../errors/operation-error.ts';

/** Where Debian keeps the programs of PostgreSQL, which are not on the PATH; the newest first. */
const furtherFolders = [18, 17, 16, 15].map((major) => `/usr/lib/postgresql/${major}/bin`);

/** The path of a program; undefined where it is not installed. */
export async function findProgram(
  name: string,
  path: readonly string[] = defaultPath,
): Promise<string | undefined> {
  for (const folder of [...path, ...furtherFolders, '/usr/sbin']) {
    const file = join(folder, name);
    if (await access(file, constants.X_OK).then(...yesOrNo)) {
      return file;
    }
  }
  return undefined;
}

// biome-ignore lint/style/noProcessEnv: the PATH is where programs are, no setting of the service
const defaultPath = (process.env['PATH'] ?? '').split(delimiter);
const yesOrNo = [() => true, () => false] as const;

/** As `findProgram`; throws OperationError where the program is not installed. */
export async function programPath(name: string): Promise<string> {
  const path = await findProgram(name);
  if (path === undefined) {
    throw new OperationError(
      `${name} is not installed: scripts/install-debian-packages installs it on Debian; elsewhere put it on the PATH`,
    );
  }
  return path;
}
