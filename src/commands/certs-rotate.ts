import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CertificateFolder } from '../operations/certificates/certificate-folder.ts';
import type { Issued } from '../operations/certificates/issue.ts';
import { requireServerHost, tryLogin, usesFolder } from '../operations/certificates/try-out.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { type CertsOptions, reloader, reportRotation } from './certs-report.ts';
import { commandConfig } from './command-config.ts';

export interface RotateOptions extends CertsOptions {
  /** Files made elsewhere. */
  readonly certificate?: string;
  readonly key?: string;
  readonly days: number;
  readonly reload?: boolean;
  /** The last step of the rotation of an authority. */
  readonly finish?: boolean;
}

const clientRefusal = [
  'The server does not accept the new client certificate',
  'Where the authority is new, the server must be reloaded first; its name must be that of the role, or be mapped to it',
] as const;
/** @NOTE the server may read copies of the folder: what its certificate is in the folder says nothing of what it shows. */
const serverRefusal = [
  'Without the old authority nobody would reach the server',
  'It must show its new certificate first, and trust the new authority: bring server.crt, server.key and ca.crt to it where it ' +
    'reads copies, and run select pg_reload_conf()',
] as const;

// @NOTE the two kinds of rotation are loaded when it is known which one it is.
const loadAuthorities = () => import('../operations/certificates/rotate-authority.ts');
const loadLeaves = () => import('../operations/certificates/rotate-leaf.ts');

/** Rotates one of `client`, `server`, `ca`. What is not sound is refused before anything is replaced. */
export async function certsRotate(what: 'client' | 'server' | 'ca', options: RotateOptions): Promise<void> {
  const folder = new CertificateFolder(resolve(options.directory));
  if (what !== 'ca') {
    await rotatePair(what, folder, options);
  } else if (options.finish) {
    await finishAuthority(folder, options);
  } else {
    await beginAuthority(folder, options);
  }
}

async function beginAuthority(folder: CertificateFolder, options: RotateOptions): Promise<void> {
  const { dryRun = false, certificate, json } = options;
  const reloadsAs = reloader(options);
  const given = certificate === undefined ? undefined : await readGiven(certificate);
  const { addAuthority } = await loadAuthorities();
  await reportRotation(await addAuthority(folder, { given, dryRun }), {
    json,
    reloadsAs,
    fingerprint: undefined,
    next:
      'Both authorities are trusted once the server is reloaded. Then: brownie certs rotate client, brownie certs ' +
      'rotate server, brownie certs rotate ca --finish.',
  });
}

async function finishAuthority(folder: CertificateFolder, options: RotateOptions): Promise<void> {
  const { dryRun = false, json } = options;
  const reloadsAs = reloader(options);
  const dsn = await dsnOn(folder);
  const remarks: string[] = [];
  const { dropOldAuthorities } = await loadAuthorities();
  const rotation = await dropOldAuthorities(folder, {
    dryRun,
    tryOut:
      dsn === undefined
        ? undefined
        : (authorities, pair) =>
            tryLogin(dsn, { pair, authorities, refusal: serverRefusal }, (line) => remarks.push(line)),
  });
  await reportRotation(rotation, {
    json,
    reloadsAs,
    fingerprint: undefined,
    remarks,
    next: 'Reload the server: then only the new authority is trusted.',
  });
}

async function rotatePair(
  purpose: 'client' | 'server',
  folder: CertificateFolder,
  options: RotateOptions,
): Promise<void> {
  const { certificate, key, days, dryRun = false, json } = options;
  const isServer = purpose === 'server';
  const reloadsAs = isServer ? reloader(options) : undefined;
  const given =
    certificate === undefined || key === undefined
      ? undefined
      : { certificate: await readGiven(certificate), key: await readGiven(key) };
  const remarks: string[] = [];
  const tryClient = async (pair: Issued): Promise<void> => {
    const dsn = await dsnOn(folder);
    const authorities = (await folder.read())['ca.crt'];
    if (dsn !== undefined) {
      await tryLogin(dsn, { pair, authorities, refusal: clientRefusal }, (line) => remarks.push(line));
    }
  };
  const tryServer = async ({ certificate: pem }: Issued): Promise<void> =>
    requireServerHost(pem, serversNamed());
  const { rotateLeaf } = await loadLeaves();
  const rotation = await rotateLeaf(folder, {
    purpose,
    given,
    days,
    dryRun,
    tryOut: isServer ? tryServer : tryClient,
  });
  await reportRotation(rotation, {
    json,
    reloadsAs,
    fingerprint: rotation.after[0]?.fingerprint,
    remarks,
    next: isServer
      ? 'The server shows it once it is reloaded (select pg_reload_conf(), or --reload).'
      : 'The service takes it up within seconds, and renews its connections.',
  });
}

/** The DSN of the service, where it takes its client certificate from this folder. */
async function dsnOn(folder: CertificateFolder): Promise<string | undefined> {
  const { database } = commandConfig();
  return database.mode === 'external' && (await usesFolder(database.dsn, folder)) ? database.dsn : undefined;
}

/** The settings by which the service and its commands reach the server. */
function serversNamed(): readonly { readonly setting: string; readonly dsn: string }[] {
  const { database } = commandConfig();
  return database.mode === 'embedded'
    ? []
    : [
        { setting: 'METADATA_POSTGRES_DSN', dsn: database.dsn },
        { setting: 'METADATA_POSTGRES_MIGRATION_DSN', dsn: database.migrationDsn },
      ];
}

async function readGiven(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new OperationError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}): give the path of a PEM file`,
    );
  }
}
