import { OperationError, RefusedError } from '../../platform/errors/operation-error.ts';
import { certificatesOf, factsIn, factsOf, isSignedBy } from '../../platform/tls/certificate.ts';
import type { CertificateFolder } from './certificate-folder.ts';
import type { Contents } from './files.ts';
import { type Issued, issueAuthority } from './issue.ts';
import type { Rotation } from './rotate-leaf.ts';

/**
 * The first step of four: a new authority is trusted beside the old one, and signs from now on. The client, the server
 * and the end (`dropOldAuthorities`) follow, each once the step before is in effect on both sides.
 * @param given certificate of an authority whose key is elsewhere
 */
export async function addAuthority(
  folder: CertificateFolder,
  { given, dryRun }: { readonly given?: string | undefined; readonly dryRun: boolean },
): Promise<Rotation> {
  const before = await folder.read();
  const old = authoritiesIn(folder, before);
  if (old.length > 1) {
    throw new RefusedError(
      `${folder.path}/ca.crt holds ${old.length} authorities: a rotation is under way. Renew the client and the server, ` +
        'then end it: brownie certs rotate ca --finish',
    );
  }
  const next = given === undefined ? await issueAuthority() : { certificate: authorityFrom(given) };
  const bundle = [next.certificate, ...old.map(String)].map((pem) => pem.trim()).join('\n');
  const changes = { 'ca.crt': `${bundle}\n`, ...('key' in next ? { 'ca.key': next.key } : {}) };
  return {
    before: factsIn(before['ca.crt']),
    after: factsIn(changes['ca.crt']),
    generation: dryRun ? undefined : await folder.publish(changes),
  };
}

export interface DropOptions {
  readonly dryRun: boolean;
  /** Logs in with the client's pair, trusting only this authority; throws where that does not do. */
  readonly tryOut?: ((authority: string, client: Issued) => Promise<void>) | undefined;
}

/**
 * The last step: only the newest authority is trusted. Throws RefusedError, and changes nothing, where anything in use was
 * signed by another: in the folder, or by what the server shows when it is tried.
 */
export async function dropOldAuthorities(
  folder: CertificateFolder,
  { dryRun, tryOut }: DropOptions,
): Promise<Rotation> {
  const before = await folder.read();
  const [newest, ...old] = authoritiesIn(folder, before);
  if (newest === undefined || old.length === 0) {
    throw new RefusedError(`${folder.path}/ca.crt holds one authority: there is none to drop`);
  }
  for (const name of ['client', 'server'] as const) {
    const pem = before[`${name}.crt`];
    if (pem !== undefined && !certificatesOf(pem).some((certificate) => isSignedBy(certificate, newest))) {
      throw new RefusedError(
        `${name}.crt is signed by an authority that would no longer be trusted: first run brownie certs rotate ${name}`,
      );
    }
  }
  const { 'client.crt': certificate, 'client.key': key } = before;
  if (certificate !== undefined && key !== undefined) {
    await tryOut?.(newest.toString(), { certificate, key });
  }
  return {
    before: factsIn(before['ca.crt']),
    after: [factsOf(newest)],
    generation: dryRun ? undefined : await folder.publish({ 'ca.crt': newest.toString() }),
  };
}

function authoritiesIn({ path }: CertificateFolder, { 'ca.crt': pem }: Contents) {
  if (pem === undefined) {
    throw new OperationError(`${path} holds no ca.crt: brownie certs generate makes a first one`);
  }
  return certificatesOf(pem);
}

function authorityFrom(pem: string): string {
  let authority: ReturnType<typeof certificatesOf>[0];
  try {
    [authority] = certificatesOf(pem);
  } catch {
    throw new RefusedError(
      'The new authority is refused, and nothing is changed: it is no certificate in PEM form',
    );
  }
  const now = new Date();
  if (!authority.ca || new Date(authority.validTo) <= now) {
    throw new RefusedError(
      `The new authority is refused, and nothing is changed: ${authority.ca ? `it ended on ${authority.validTo}` : 'it is no authority (CA:TRUE)'}`,
    );
  }
  return authority.toString();
}
