import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { factsOf } from '../../platform/tls/certificate.ts';
import { presentedCertificate } from './presented.ts';

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
  const client = new pg.Client({ connectionString: dsn, connectionTimeoutMillis: 5_000 });
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
