import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  addAuthority,
  CertificateFolder,
  dropOldAuthorities,
  rotateLeaf,
  tryLogin,
  usesFolder,
} from '../operations/certificates/index.ts';
import { type CertsOptions, reportRotation } from './certs.ts';
import { commandConfig } from './command-config.ts';
import { CommandError } from './command-error.ts';

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

/** Rotates one of `client`, `server`, `ca`. What is not sound is refused before anything is replaced. */
export async function certsRotate(what: 'client' | 'server' | 'ca', options: RotateOptions): Promise<void> {
  const folder = new CertificateFolder(resolve(options.directory));
  if (options.finish === true && what !== 'ca') {
    throw new CommandError('--finish ends the rotation of the authority: brownie certs rotate ca --finish');
  }
  return what === 'ca' ? await rotateAuthority(folder, options) : await rotatePair(what, folder, options);
}

async function rotateAuthority(folder: CertificateFolder, options: RotateOptions): Promise<void> {
  const { dryRun = false, finish = false, certificate } = options;
  const remarks: string[] = [];
  const dsn = finish ? await dsnOn(folder) : undefined;
  const rotation = finish
    ? await dropOldAuthorities(folder, {
        dryRun,
        ...(dsn === undefined
          ? {}
          : {
              tryOut: async (authorities, pair) =>
                tryLogin(dsn, { pair, authorities, refusal: serverRefusal }, (line) => remarks.push(line)),
            }),
      })
    : await addAuthority(folder, {
        given: certificate === undefined ? undefined : await readGiven(certificate),
        dryRun,
      });
  await reportRotation(rotation, {
    ...options,
    fingerprint: undefined,
    remarks,
    next: finish
      ? 'Reload the server: then only the new authority is trusted.'
      : 'Both authorities are trusted once the server is reloaded. Then: brownie certs rotate client, brownie certs ' +
        'rotate server, brownie certs rotate ca --finish.',
  });
}

async function rotatePair(
  purpose: 'client' | 'server',
  folder: CertificateFolder,
  options: RotateOptions,
): Promise<void> {
  const { certificate, key, days, dryRun = false } = options;
  if ((certificate === undefined) !== (key === undefined)) {
    throw new CommandError(
      '--certificate and --key need each other: give both, or neither to have a new pair made',
    );
  }
  const given =
    certificate === undefined || key === undefined
      ? undefined
      : { certificate: await readGiven(certificate), key: await readGiven(key) };
  const remarks: string[] = [];
  const dsn = purpose === 'client' ? await dsnOn(folder) : undefined;
  const rotation = await rotateLeaf(folder, {
    purpose,
    given,
    days,
    dryRun,
    ...(dsn === undefined
      ? {}
      : {
          tryOut: async (pair) => {
            const authorities = (await folder.read())['ca.crt'];
            await tryLogin(dsn, { pair, authorities, refusal: clientRefusal }, (line) => remarks.push(line));
          },
        }),
  });
  const isServer = purpose === 'server';
  await reportRotation(rotation, {
    ...options,
    reload: isServer && options.reload === true,
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

async function readGiven(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}): give the path of a PEM file`,
    );
  }
}
