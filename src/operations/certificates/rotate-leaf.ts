import { OperationError, RefusedError } from '../../platform/errors/operation-error.ts';
import { type CertificateFacts, certificatesOf, factsIn } from '../../platform/tls/certificate.ts';
import { pairFault } from '../../platform/tls/pair-fault.ts';
import type { CertificateFolder } from './certificate-folder.ts';
import type { Contents } from './files.ts';
import { type Issued, issueLeaf } from './issue.ts';
import { namesIn, serverSubject } from './names.ts';

/** Why nobody here can make another one. */
const nameless = {
  client:
    'has no name (CN), which is the role that a client logs in as: have the next one made with it, and give it with ' +
    '--certificate and --key',
  server:
    'has neither a name (CN) nor names of hosts that can be one: have the next one made, and give it with --certificate and --key',
} as const;

/** What a rotation replaced by what; `generation` is undefined where it was only tried out. */
export interface Rotation {
  readonly before: readonly CertificateFacts[];
  readonly after: readonly CertificateFacts[];
  readonly generation: string | undefined;
}

export interface RotateLeafOptions {
  readonly purpose: 'client' | 'server';
  /** Made elsewhere; else the authority in the folder signs a new one for the same names. */
  readonly given?: Issued | undefined;
  readonly days: number;
  readonly dryRun: boolean;
  /** Uses a pair before it is put in place; throws where it does not do. */
  readonly tryOut?: ((pair: Issued) => Promise<void>) | undefined;
}

/**
 * Replaces the certificate of a client or a server, and its key. Throws RefusedError, and changes nothing, where the new
 * pair is not sound, is signed by nobody whom the other side trusts, or is not accepted when it is tried.
 */
export async function rotateLeaf(folder: CertificateFolder, options: RotateLeafOptions): Promise<Rotation> {
  const { purpose, given, days, dryRun, tryOut } = options;
  const current = await folder.read();
  const names = [`${purpose}.crt`, `${purpose}.key`] as const;
  const next = given ?? (await issueAnother(folder.path, current, purpose, days));
  const authorities = current['ca.crt'];
  const fault = pairFault({ certificate: next.certificate, key: next.key, authorities, purpose });
  if (fault !== undefined) {
    throw new RefusedError(`The new pair is refused, and nothing is changed: ${fault}`);
  }
  await tryOut?.(next);
  const changes = { [names[0]]: next.certificate, [names[1]]: next.key };
  return {
    before: factsIn(current[names[0]]),
    after: factsIn(next.certificate),
    generation: dryRun ? undefined : await folder.publish(changes),
  };
}

async function issueAnother(
  path: string,
  contents: Contents,
  purpose: 'client' | 'server',
  days: number,
): Promise<Issued> {
  const { 'ca.crt': authorities, 'ca.key': key, [`${purpose}.crt` as const]: old } = contents;
  if (authorities === undefined || key === undefined) {
    throw new OperationError(
      `${path} holds no authority with its key, so nobody here can sign: have the certificate made, and give it with ` +
        '--certificate and --key',
    );
  }
  if (old === undefined) {
    throw new OperationError(
      `${path} holds no ${purpose}.crt to follow: brownie certs generate makes a first one`,
    );
  }
  const named = namesIn(old);
  const commonName = purpose === 'server' ? serverSubject(named) : named.commonName;
  if (!commonName) {
    throw new RefusedError(`${path}/${purpose}.crt ${nameless[purpose]}`);
  }
  // @NOTE the newest authority stands first: see rotate-authority.ts.
  const authority = { certificate: certificatesOf(authorities)[0].toString(), key };
  return await issueLeaf({ authority, purpose, commonName, names: named.names, days });
}
