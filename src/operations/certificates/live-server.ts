import type { X509Certificate } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import pg from 'pg';
import { dsnParameters, dsnsOfServers, readDsn } from '../../platform/database/dsn.ts';
import { dsnTls } from '../../platform/database/dsn-tls.ts';
import { factsOf } from '../../platform/tls/certificate.ts';

/** The name or address by which a DSN reaches its server; undefined where that is a socket file. */
export function serverHost(dsn: string): string | undefined {
  const { host } = readDsn(dsn);
  return host?.startsWith('/') ? undefined : host;
}

/** Whether a DSN asks for TLS: by `sslmode`, or by the files that it names. */
export function asksForTls(dsn: string): boolean {
  const mode = dsnParameters(dsn).get('sslmode');
  return mode === null ? Object.keys(dsnTls(dsn).paths).length > 0 : mode !== 'disable';
}

const answerTimeoutMs = 5_000;
/** PostgreSQL manual, 54.7 "Message Formats", SSLRequest: the length, and a number that is no version. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * The certificate that a PostgreSQL server shows at this moment, whoever signed it; undefined where it speaks no TLS, or
 * is reached by a socket file. Rejects where it cannot be reached within 5 s. Nothing is sent but the wish to speak TLS.
 */
export async function presentedCertificate(dsn: string): Promise<X509Certificate | undefined> {
  const host = serverHost(dsn);
  if (host === undefined) {
    return undefined;
  }
  const socket = connectTcp({ host, port: Number(readDsn(dsn).port ?? 5432) });
  const { promise, resolve, reject } = Promise.withResolvers<X509Certificate | undefined>();
  const timer = setTimeout(
    () => reject(new Error(`it did not answer within ${answerTimeoutMs / 1000} s`)),
    answerTimeoutMs,
  );
  socket.once('error', reject);
  socket.once('connect', () => socket.write(sslRequest));
  socket.once('data', (answer) => {
    if (answer.toString('latin1', 0, 1) === 'S') {
      greet(socket, host, resolve, reject);
    } else {
      resolve(undefined);
    }
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

function greet(
  socket: Socket,
  host: string,
  resolve: (certificate: X509Certificate | undefined) => void,
  reject: (error: Error) => void,
): void {
  const servername = isIP(host) === 0 ? { servername: host } : {};
  // @NOTE nothing secret follows, and a certificate that cannot be trusted is what one comes to look at.
  const secured = connectTls({ socket, rejectUnauthorized: false, ...servername });
  secured.once('secureConnect', () => resolve(secured.getPeerX509Certificate()));
  secured.once('error', reject);
}

const settleMs = 10_000;

/**
 * Makes PostgreSQL read its files again, and waits until it shows the certificate that it should.
 * @param dsn of a role that may execute pg_reload_conf()
 * @param fingerprint of the certificate to wait for; undefined where another file has changed
 * @returns why it did not come to that; undefined where it did
 */
export async function reloadServer(
  dsn: string,
  fingerprint: string | undefined,
): Promise<string | undefined> {
  const client = new pg.Client({
    connectionString: dsnsOfServers(dsn)[0] ?? dsn,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_reload_conf()');
  } catch (error) {
    return `the server was not reloaded (${error instanceof Error ? error.message : error}); as its superuser run: select pg_reload_conf()`;
  } finally {
    await client.end().catch(() => undefined);
  }
  const deadline = performance.now() + settleMs;
  while (fingerprint !== undefined) {
    const shown = await presentedCertificate(dsn).catch(() => undefined);
    if (shown !== undefined && factsOf(shown).fingerprint === fingerprint) {
      break;
    }
    if (performance.now() > deadline) {
      return 'the server was reloaded, and still shows another certificate: where it reads copies of the files, bring them to it and reload it again; else see its log, and ssl_cert_file';
    }
    await delay(100);
  }
  return undefined;
}
