import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files of a certificate authority of a test's own, of a server at 127.0.0.1, and of a client. */
export interface Certificates {
  readonly ca: string;
  readonly server: { readonly certificate: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly key: string };
  /** Puts another client certificate in the place of the one that is there. */
  renewClient(days: number): Promise<void>;
}

/** Makes them with openssl: valid for a year, the client's for `clientDays`. */
export async function makeCertificates(directory: string, clientDays: number): Promise<Certificates> {
  const file = (name: string): string => join(directory, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await run('openssl', [
    ...['req', '-x509', ...newKey, '-days', '365', '-subj', '/CN=Test CA'],
    ...['-keyout', file('ca.key'), '-out', file('ca.crt')],
  ]);
  const issue = async (name: string, subject: string, days: number): Promise<void> => {
    await run('openssl', [
      ...['req', ...newKey, '-subj', `/CN=${subject}`],
      ...['-keyout', file(`${name}.key`), '-out', file(`${name}.csr`)],
    ]);
    await writeFile(file(`${name}.ext`), 'subjectAltName = IP:127.0.0.1, DNS:localhost\n');
    await run('openssl', [
      ...['x509', '-req', '-in', file(`${name}.csr`), '-CA', file('ca.crt'), '-CAkey', file('ca.key')],
      ...['-CAcreateserial', '-days', String(days), '-extfile', file(`${name}.ext`)],
      ...['-out', file(`${name}.crt`)],
    ]);
  };
  await issue('server', '127.0.0.1', 365);
  await issue('client', 'brownie_service', clientDays);
  const pair = (name: string) => ({ certificate: file(`${name}.crt`), key: file(`${name}.key`) });
  return {
    ca: file('ca.crt'),
    server: pair('server'),
    client: pair('client'),
    renewClient: (days) => issue('client', 'brownie_service', days),
  };
}
