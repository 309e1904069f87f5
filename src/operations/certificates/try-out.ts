import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { dsnTls } from '../../platform/database/dsn-tls.ts';
import { RefusedError } from '../operation-error.ts';
import type { CertificateFolder } from './certificate-folder.ts';
import type { Issued } from './issue.ts';

/** What says that nobody was there to judge. */
const unreachable = /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|57P0)/;

/** Whether a DSN takes its client certificate from a folder. */
export async function usesFolder(dsn: string, folder: CertificateFolder): Promise<boolean> {
  const { cert } = dsnTls(dsn).paths;
  const [named, own] = await Promise.all(
    [cert ?? '', join(folder.path, 'client.crt')].map((path) => realpath(path).catch(() => undefined)),
  );
  return named !== undefined && named === own;
}

/**
 * Logs in with a client certificate before anybody has to. Throws RefusedError where the server does not accept it; a
 * server that cannot be reached cannot refuse, and is told to `say`.
 */
export async function tryOutClient(
  dsn: string,
  authorities: string | undefined,
  { certificate: cert, key }: Issued,
  say: (line: string) => void,
): Promise<void> {
  const tls = dsnTls(dsn);
  const client = new pg.Client({
    connectionString: tls.dsn,
    ssl: {
      cert,
      key,
      rejectUnauthorized: tls.isVerified,
      ...(authorities === undefined ? {} : { ca: authorities }),
    },
    connectionTimeoutMillis: 5_000,
    application_name: 'brownie-certs',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    if (!unreachable.test(code) && !/timeout/i.test(message)) {
      throw new RefusedError(
        `The server does not accept the new client certificate, and nothing is changed: ${message}. ` +
          'Where the authority is new, the server must be reloaded first; its name must be that of the role, or be mapped to it',
      );
    }
    say(`not tried: the server cannot be reached (${code || message})`);
  } finally {
    await client.end().catch(() => undefined);
  }
}
