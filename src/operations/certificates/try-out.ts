import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { checkServerIdentity } from 'node:tls';
import pg from 'pg';
import { failureOf } from '../../platform/database/database-failures.ts';
import { dsnsOfServers } from '../../platform/database/dsn.ts';
import { dsnTls } from '../../platform/database/dsn-tls.ts';
import { RefusedError } from '../../platform/errors/operation-error.ts';
import { certificatesOf, factsOf } from '../../platform/tls/certificate.ts';
import type { CertificateFolder } from './certificate-folder.ts';
import type { Issued } from './issue.ts';
import { asksForTls, serverHost } from './live-server.ts';

/** Whether nobody was there to judge. @NOTE a server that does not like a certificate may just hang up. */
function wasAway(error: unknown): boolean {
  const failure = failureOf(error);
  return failure?.isOfConnecting === true && failure.passes && failure.kind !== 'terminated';
}

/** Whether a DSN takes its client certificate from a folder. */
export async function usesFolder(dsn: string, folder: CertificateFolder): Promise<boolean> {
  const { cert } = dsnTls(dsn).paths;
  const [named, own] = await Promise.all(
    [cert ?? '', join(folder.path, 'client.crt')].map((path) => realpath(path).catch(() => undefined)),
  );
  return named !== undefined && named === own;
}

export interface LoginOnTrial {
  /** The client's pair. */
  readonly pair: Issued;
  /** Whom the client trusts, in PEM form. */
  readonly authorities: string | undefined;
  /** What is wrong where it fails, and what to do: `…: <the server's words>. …` */
  readonly refusal: readonly [string, string];
}

/**
 * Logs in with certificates before anybody has to. Throws RefusedError where that fails; a server that cannot be reached
 * cannot refuse, and is told to `say`.
 */
export async function tryLogin(
  dsn: string,
  { pair: { certificate: cert, key }, authorities, refusal }: LoginOnTrial,
  say: (line: string) => void,
): Promise<void> {
  const tls = dsnTls(dsnsOfServers(dsn)[0] ?? dsn);
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
    if (!wasAway(error)) {
      const [what, remedy] = refusal;
      throw new RefusedError(`${what}, and nothing is changed: ${message.trim()}. ${remedy}`);
    }
    say(`not tried: the server cannot be reached (${code || message})`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A setting that names a server. */
export interface NamedServer {
  readonly setting: string;
  readonly dsn: string;
}

/**
 * Throws RefusedError where a server's certificate does not name the host by which it is reached and verified: whoever reaches
 * it so would be cut off once the server shows it. @NOTE judged by what the service itself verifies with (RFC 6125).
 * @param pem the certificate first, and what else belongs to it
 */
export function requireServerHost(pem: string, servers: readonly NamedServer[]): void {
  const [certificate] = certificatesOf(pem);
  for (const { setting, dsn } of servers) {
    const host = serverHost(dsn);
    if (host === undefined || !asksForTls(dsn) || !dsnTls(dsn).isVerified) {
      continue;
    }
    if (checkServerIdentity(host, certificate.toLegacyObject()) !== undefined) {
      const { names, subject } = factsOf(certificate);
      throw new RefusedError(
        `The new pair is refused, and nothing is changed: ${setting} reaches the server as ${host} and verifies that name, ` +
          `and the certificate is for ${names || subject || 'no name'}: nobody would get in there once the server shows it. Have one ` +
          `made for ${host}, too; where this is the certificate of another server, run this without ${setting}`,
      );
    }
  }
}
