import { RefusedError } from '../operation-error.ts';
import type { CertificateFolder } from './certificate-folder.ts';
import type { Contents } from './file-names.ts';
import { issueAuthority, issueLeaf } from './issue.ts';

export interface GenerateOptions {
  /** The role that the client logs in as. */
  readonly clientRole: string;
  /** Host names and addresses of the server, beside those of this machine. */
  readonly serverNames: readonly string[];
  readonly days: number;
  /** Replaces what is there. */
  readonly force: boolean;
  readonly dryRun: boolean;
}

const ownNames = ['localhost', '127.0.0.1', '::1'];

/**
 * Makes an authority, and a server and a client that it vouches for. Where they are all there, nothing is done, and the
 * answer is undefined. Throws RefusedError where only some of them are.
 */
export async function generateCertificates(
  folder: CertificateFolder,
  { clientRole, serverNames, days, force, dryRun }: GenerateOptions,
): Promise<Contents | undefined> {
  const present = Object.keys(await folder.read());
  if (!force && present.length === 6) {
    return undefined;
  }
  if (!force && present.length > 0) {
    throw new RefusedError(
      `${folder.path} holds ${present.join(', ')} already, but not all that is needed: choose another folder, or ` +
        'replace them with --force',
    );
  }
  const authority = await issueAuthority();
  const names = [...new Set([...ownNames, ...serverNames])];
  const server = await issueLeaf({
    authority,
    purpose: 'server',
    commonName: serverNames.find((name) => /^[\w.-]{1,64}$/.test(name)) ?? 'localhost',
    names,
    days,
  });
  const client = await issueLeaf({ authority, purpose: 'client', commonName: clientRole, names: [], days });
  const contents: Contents = {
    'ca.crt': authority.certificate,
    'ca.key': authority.key,
    'client.crt': client.certificate,
    'client.key': client.key,
    'server.crt': server.certificate,
    'server.key': server.key,
  };
  if (!dryRun) {
    await folder.publish(contents);
  }
  return contents;
}
