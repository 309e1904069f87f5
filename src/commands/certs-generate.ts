import { resolve } from 'node:path';
import { CertificateFolder } from '../operations/certificates/certificate-folder.ts';
import { type Generated, generateCertificates } from '../operations/certificates/generate.ts';
import { type CertificateFacts, factsIn } from '../platform/tls/certificate.ts';
import { type CertsOptions, certificateLine } from './certs-report.ts';
import { report } from './outcome.ts';

export interface GenerateOptions extends CertsOptions {
  readonly clientRole?: string;
  readonly serverName: readonly string[];
  readonly days: number;
  readonly force?: boolean;
}

/** Makes an authority, a server and a client for development, or says that they are there. */
export async function certsGenerate(options: GenerateOptions): Promise<void> {
  const folder = new CertificateFolder(resolve(options.directory));
  const { clientRole, serverName: serverNames, days, force = false, dryRun = false } = options;
  const generated = await generateCertificates(folder, { clientRole, serverNames, days, force, dryRun });
  const before = generated.isNew ? named(generated.before) : [];
  const certificates = named(generated.contents);
  const isReplaced = generated.isNew && generated.before['ca.crt'] !== undefined;
  const next = isReplaced ? whatFollows(folder.path, dryRun) : undefined;
  report(
    {
      exitCode: 0,
      text: [
        headline(generated.isNew, folder.path, dryRun),
        ...before.map((each) => `  before  ${each.name.padEnd(7)} ${certificateLine(each)}`),
        ...certificates.map(
          (each) => `  ${before.length > 0 ? 'after   ' : ''}${each.name.padEnd(7)} ${certificateLine(each)}`,
        ),
        ...(next === undefined ? [] : [next]),
        '',
      ].join('\n'),
      json: {
        directory: folder.path,
        isNew: generated.isNew,
        isDryRun: dryRun,
        before,
        certificates,
        next: next ?? null,
      },
    },
    options,
  );
}

function headline(isNew: boolean, path: string, dryRun: boolean): string {
  if (!isNew) {
    return `The certificates in ${path} are there already; --force replaces them, the authority too`;
  }
  return dryRun ? `Nothing is changed; this would be written to ${path}` : `Written to ${path}`;
}

function whatFollows(path: string, dryRun: boolean): string {
  const [replaced, kept] = dryRun
    ? ['The authority (CA) would be replaced', 'would be kept, and `brownie certs rollback` would bring']
    : ['The authority (CA) is replaced', 'are kept, and `brownie certs rollback` brings'];
  return (
    `${replaced}: everything that trusts the old one must be given the new ${path}/ca.crt (ssl_ca_file of PostgreSQL, ` +
    'sslrootcert of each DSN), and each side its new pair; until then they refuse each other. The files of before ' +
    `${kept} them back. \`brownie certs rotate\` replaces certificates while the service runs.`
  );
}

/** What the certificates say, each by its name. A file that holds none is left out: it is replaced. */
function named(contents: Generated['contents']): (CertificateFacts & { readonly name: string })[] {
  return (['ca', 'server', 'client'] as const).flatMap((name) => {
    try {
      return factsIn(contents[`${name}.crt`]).map((facts) => ({ name, ...facts }));
    } catch {
      return [];
    }
  });
}
