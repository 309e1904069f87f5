import { resolve } from 'node:path';
import {
  type CertificateRow,
  type Finding,
  type Found,
  fault,
  inFile,
  inFolder,
  namedBy,
  notice,
  shownBy,
  wordsOf,
} from './certificate-sources.ts';
import { asksForTls } from './live-server.ts';
import { type LoginStatus, logIn } from './log-in.ts';

export interface CertificateStatus {
  readonly certificates: readonly CertificateRow[];
  readonly findings: readonly Finding[];
  /** Whether the server lets the service in; undefined where no DSN asks for TLS. */
  readonly login: LoginStatus | undefined;
}

/** Days before its end when a certificate needs a look: what the alert CertificateExpiration says, too. */
const daysBeforeEnd = 30;

export interface WhereToLook {
  /** It exists. */
  readonly folder: string | undefined;
  readonly dsn: string | undefined;
  /** The file of the certificate of the service's own ports. */
  readonly https: string | undefined;
}

/**
 * Looks at the certificates of a folder, at those that the configuration names, and at the one that the server shows; and logs
 * in where the DSN asks for TLS.
 */
export async function certificateStatus({ folder, dsn, https }: WhereToLook): Promise<CertificateStatus> {
  const inFiles = [
    ...(folder === undefined ? [] : await inFolder(folder)),
    ...(https === undefined ? [] : [await inFile('https', resolve(https))]),
    ...(dsn === undefined ? [] : await namedBy(dsn)),
  ];
  const server = dsn === undefined ? undefined : await shownBy(dsn);
  const { login, findings } = await tryLogin(dsn, server?.isThere === true);
  return { ...merge(inFiles, server, findings), login };
}

/** Each file once, however many name it; then what only shows beside each other: another certificate in use, and the ends. */
export function merge(
  inFiles: readonly Found[],
  server: Found | undefined,
  ofLogin: readonly Finding[],
): Found {
  const filed = inFiles.flatMap(({ certificates }, index) => {
    const before = inFiles.slice(0, index).flatMap((found) => found.certificates);
    return certificates.filter(({ source }) => before.every((other) => other.source !== source));
  });
  const ofFiles = new Map(inFiles.flatMap(({ findings }) => findings.map((each) => [each.words, each])));
  const certificates = [...filed, ...(server?.certificates ?? [])];
  return {
    certificates,
    findings: [
      ...ofFiles.values(),
      ...(server?.findings ?? []),
      ...anotherInUse(certificates),
      ...ofLogin,
      ...certificates.flatMap(ending),
    ],
  };
}

function anotherInUse(certificates: readonly CertificateRow[]): readonly Finding[] {
  const file = certificates.find(({ name }) => name === 'server');
  const live = certificates.find(({ name }) => name === 'live server');
  return file === undefined || live === undefined || file.fingerprint === live.fingerprint
    ? []
    : [
        notice(
          `The server at ${live.source} shows another certificate than ${file.source}: reload it, if it is to use that file`,
        ),
      ];
}

function ending({ source, name, daysLeft, notAfter }: CertificateRow): readonly Finding[] {
  if (daysLeft < 0) {
    return [fault(`The ${name} certificate of ${source} ended on ${notAfter.toISOString()}: replace it`)];
  }
  if (daysLeft < daysBeforeEnd) {
    const remedy = name === 'https' ? 'replace it' : `brownie certs rotate ${name.replace('live ', '')}`;
    return [notice(`The ${name} certificate of ${source} ends in ${daysLeft} days: ${remedy}`)];
  }
  return [];
}

/** Logs in where a DSN asks for TLS and its server is there to be asked. */
async function tryLogin(
  dsn: string | undefined,
  isThere: boolean,
): Promise<Pick<CertificateStatus, 'login' | 'findings'>> {
  if (dsn === undefined || !asksForTls(dsn)) {
    return { login: undefined, findings: [] };
  }
  if (!isThere) {
    return { login: { outcome: 'unknown', words: 'The server could not be asked' }, findings: [] };
  }
  try {
    const login = await logIn(dsn);
    const { outcome, words } = login;
    return { login, findings: outcome === 'accepted' ? [] : [{ isFault: outcome === 'refused', words }] };
  } catch (error) {
    const words = `No login was tried: ${wordsOf(error)}`;
    return { login: { outcome: 'unknown', words }, findings: [fault(words)] };
  }
}
