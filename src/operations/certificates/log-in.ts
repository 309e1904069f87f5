import { DatabaseTls } from '../../platform/database/database-tls.ts';
import { serverHost } from './live-server.ts';

/** What came of logging in as the service does. */
export interface LoginStatus {
  /** `refused`: one side does not accept the other's certificate. `unknown`: it failed for another reason. */
  readonly outcome: 'accepted' | 'refused' | 'unknown';
  /** A sentence: where it was not accepted, with the cause and what to do. Holds no secret. */
  readonly words: string;
}

const timeoutMs = 5_000;

/** Who refuses what, by code and message of the driver's error; the first that matches. */
const refusals: readonly (readonly [matches: RegExp, cause: string, remedy: string])[] = [
  [
    /ALERT_UNKNOWN_CA/,
    'it does not trust the authority that signed the client certificate',
    'bring ca.crt to where its ssl_ca_file is and run select pg_reload_conf(), or go back: brownie certs rollback',
  ],
  [
    /ALERT_CERTIFICATE_(EXPIRED|REVOKED)/,
    'the client certificate has ended or is revoked there',
    'brownie certs rotate client; where it has not ended, compare the clocks',
  ],
  [
    /^28\S* .*valid client certificate/,
    'it asks for a client certificate, and was shown none that it trusts',
    'name it by sslcert and sslkey in METADATA_POSTGRES_DSN; its authority must stand in ssl_ca_file of the server',
  ],
  [
    /^28\S* certificate authentication failed/,
    'the name in the client certificate is not that of the role, nor mapped to it',
    'add it to pg_ident.conf and run select pg_reload_conf(), or use a certificate whose common name is the role',
  ],
  [
    /client password must be a string/,
    'it asks for a password: no line of pg_hba.conf lets this login in by its certificate alone',
    'add a line as in deploy/postgres/pg_hba.mutual-tls.conf and run select pg_reload_conf()',
  ],
  [
    /does not support SSL/,
    'it speaks no TLS, and METADATA_POSTGRES_DSN demands it',
    'set ssl, ssl_cert_file and ssl_key_file there',
  ],
  [
    /ALTNAME/,
    'its certificate is for another name',
    'name the host in METADATA_POSTGRES_DSN as the certificate does, or give the server one for it: brownie certs rotate server',
  ],
  [
    /^(SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/,
    'its certificate is signed by no authority that sslrootcert holds',
    'add the authority of the server to that file, or reload the server if it is to use a newer certificate',
  ],
  [/^CERT_HAS_EXPIRED/, 'its certificate has ended', 'brownie certs rotate server --reload'],
  [
    /^(ERR_SSL_|ERR_TLS_|CERT_)/,
    'one side does not accept the certificate of the other',
    "read the server's log",
  ],
];

/**
 * Logs in with what a DSN names, as the service does, and out again. Rejects with CertificateFilesError where the files cannot be
 * used as they are, so that nobody was asked.
 */
export async function logIn(dsn: string): Promise<LoginStatus> {
  const { Client, dsn: connectionString } = new DatabaseTls(dsn);
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: timeoutMs,
    application_name: 'brownie-certs',
  });
  client.on('error', () => undefined);
  const place = `The server at ${serverHost(dsn) ?? 'its socket'}`;
  try {
    await client.connect();
    return { outcome: 'accepted', words: `${place} lets ${client.user ?? 'the login'} in` };
  } catch (error) {
    return judge(place, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function judge(place: string, error: unknown): LoginStatus {
  const { code = '', reason, message } = error as Error & Partial<Record<'code' | 'reason', string>>;
  // @NOTE OpenSSL's whole message names lines of its source; the reason alone is for people.
  const text = `${code} ${reason ?? message}`.trim();
  const known = refusals.find(([matches]) => matches.test(text));
  if (known === undefined) {
    return {
      outcome: 'unknown',
      words: `${place} could not be logged in to (${text}). Next: brownie doctor, and the server's log`,
    };
  }
  const [, cause, remedy] = known;
  return {
    outcome: 'refused',
    words: `${place} cannot be logged in to: ${cause} (${text}). Next: ${remedy}`,
  };
}
