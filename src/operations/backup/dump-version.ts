import { RefusedError } from '../../platform/errors/operation-error.ts';
import { runToEnd } from '../../platform/programs/run-to-end.ts';

/**
 * The version of pg_dump, `15.18`. Throws RefusedError where it is older than the server: it would refuse as well, but
 * a nightly job would only say so to whoever reads its mail.
 */
export async function requireDumpVersion(serverVersion: string): Promise<string> {
  const { stdout } = await runToEnd('pg_dump', ['--version']);
  const [, version] = /(\d+(?:\.\d+)?)/.exec(stdout) ?? [];
  if (version === undefined || Number.parseInt(version, 10) < Number.parseInt(serverVersion, 10)) {
    throw new RefusedError(
      `pg_dump ${version ?? 'of an unknown version'} cannot read a server of version ${serverVersion}: ` +
        `install postgresql-client-${Number.parseInt(serverVersion, 10)}, and put its programs first on the PATH`,
    );
  }
  return version;
}
