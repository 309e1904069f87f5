import { RefusedError } from '../../platform/errors/operation-error.ts';
import type { CertificateFolder } from './certificate-folder.ts';
import { type Contents, fileNames } from './files.ts';
import { issueAuthority, issueLeaf } from './issue.ts';
import { type CertificateNames, namesIn, sameName, serverSubject } from './names.ts';

export interface GenerateOptions {
  /** The role that the client logs in as; undefined: that of the client that is there, else `brownie_service`. */
  readonly clientRole: string | undefined;
  /** Host names and addresses of the server, beside those of this machine; none: those of the server that is there. */
  readonly serverNames: readonly string[];
  readonly days: number;
  /** Replaces what is there, the authority too. */
  readonly force: boolean;
  readonly dryRun: boolean;
}

export interface Generated {
  /** Whether they are made now; else they were there, of the names that were asked for. */
  readonly isNew: boolean;
  readonly before: Contents;
  readonly contents: Contents;
}

type Asked = Pick<GenerateOptions, 'clientRole' | 'serverNames'>;

const nameOptions = { client: '--client-role', server: '--server-name' } as const;
const ownNames = ['localhost', '127.0.0.1', '::1'];
/** The login of the service in deploy/postgres/init/10-roles.sql. */
const defaultRole = 'brownie_service';

/**
 * Makes an authority, and a server and a client that it vouches for. Where they are all there, nothing is done. Throws
 * RefusedError where only some of them are, or where they name somebody else than was asked for. With `force` they
 * are replaced, by ones of the same names where no others are given.
 */
export async function generateCertificates(
  folder: CertificateFolder,
  options: GenerateOptions,
): Promise<Generated> {
  const before = await folder.read();
  const present = Object.keys(before);
  if (!options.force && present.length === fileNames.length) {
    requireNames(folder, before, options);
    return { isNew: false, before, contents: before };
  }
  if (!options.force && present.length > 0) {
    throw new RefusedError(
      `${folder.path} holds ${present.join(', ')} already, but not all that is needed: choose another folder, or ` +
        'replace them with --force, which replaces the authority too',
    );
  }
  const contents = await makeAll(namesFor(folder, before, options), options.days);
  if (!options.dryRun) {
    await folder.publish(contents);
  }
  return { isNew: true, before, contents };
}

interface Names {
  readonly client: string;
  readonly server: CertificateNames;
}

async function makeAll(
  { client: role, server: { commonName, names } }: Names,
  days: number,
): Promise<Contents> {
  const authority = await issueAuthority();
  const server = await issueLeaf({ authority, purpose: 'server', commonName, names, days });
  const client = await issueLeaf({ authority, purpose: 'client', commonName: role, names: [], days });
  return {
    'ca.crt': authority.certificate,
    'ca.key': authority.key,
    'client.crt': client.certificate,
    'client.key': client.key,
    'server.crt': server.certificate,
    'server.key': server.key,
  };
}

/** Those asked for, else those of what is there, else those of a first time. */
function namesFor(folder: CertificateFolder, before: Contents, { clientRole, serverNames }: Asked): Names {
  const client = clientRole ?? namesOf(folder, before, 'client')?.commonName ?? defaultRole;
  if (client === '') {
    throw new RefusedError(
      `${folder.path}/client.crt has no name (CN), so whom it logs in as is unknown, and nothing is changed: ` +
        `say it with ${nameOptions.client}`,
    );
  }
  const kept = serverNames.length > 0 ? undefined : namesOf(folder, before, 'server');
  const asked = kept ?? { commonName: '', names: serverNames };
  const commonName = serverSubject(asked) ?? 'localhost';
  const names = [...new Set([...ownNames, ...asked.names])];
  return { client, server: { commonName, names } };
}

function requireNames(folder: CertificateFolder, before: Contents, { clientRole, serverNames }: Asked): void {
  const role = namesOf(folder, before, 'client')?.commonName ?? '';
  const names = namesOf(folder, before, 'server')?.names ?? [];
  const missing = serverNames.filter((name) => !names.includes(sameName(name)));
  const others = [
    ...(clientRole === undefined || clientRole === role ? [] : [`the client ${clientRole}`]),
    ...(missing.length === 0 ? [] : [`the server ${missing.join(', ')}`]),
  ];
  if (others.length > 0) {
    throw new RefusedError(
      `${folder.path} holds certificates of other names already, and nothing is changed: of the client ${role} and the ` +
        `server ${names.join(', ')}, not of ${others.join(' and ')}. Leave the names out to use those, choose another ` +
        'folder with --directory, or replace them with --force, which replaces the authority too',
    );
  }
}

function namesOf(
  { path }: CertificateFolder,
  contents: Contents,
  purpose: 'client' | 'server',
): CertificateNames | undefined {
  const pem = contents[`${purpose}.crt` as const];
  try {
    return pem === undefined ? undefined : namesIn(pem);
  } catch {
    throw new RefusedError(
      `${path}/${purpose}.crt is no certificate in PEM form, so whom it names is unknown, and nothing is changed: ` +
        `replace it with --force, and say the name with ${nameOptions[purpose]}`,
    );
  }
}
