import { resolve } from 'node:path';
import { CertificateFolder } from '../operations/certificates/certificate-folder.ts';
import { rollBack } from '../operations/certificates/roll-back.ts';
import { factsIn } from '../platform/tls/certificate.ts';
import { type CertsOptions, reloader, reportRotation } from './certs-report.ts';

/** Brings back what was in use before the last change. */
export async function certsRollback(options: CertsOptions & { readonly reload?: boolean }): Promise<void> {
  const reloadsAs = reloader(options);
  const folder = new CertificateFolder(resolve(options.directory));
  const rotation = await rollBack(folder, { dryRun: options.dryRun ?? false });
  const server = factsIn((await folder.read())['server.crt'])[0]?.fingerprint;
  await reportRotation(rotation, {
    json: options.json,
    reloadsAs,
    fingerprint: server,
    next: 'Reload the server (select pg_reload_conf(), or --reload); the service takes its files up by itself.',
  });
}
