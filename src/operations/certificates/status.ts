import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { dsnTls } from '../../platform/database/dsn-tls.ts';
import { type CertificateFacts, certificatesOf, factsOf } from '../../platform/tls/certificate.ts';
import { pairFault } from '../../platform/tls/pair-fault.ts';
import { readContents } from './files.ts';
import { asksForTls, presentedCertificate } from './live-server.ts';
import { type LoginStatus, logIn } from './log-in.ts';

/** One certificate, and where it was found. */
export interface CertificateRow extends CertificateFacts {
  /** `ca`, `client`, `server`, `https`, and what the database server shows at this moment: `live server`. */
  readonly name: string;
  /** A file, or the address of the server. */
  readonly source: string;
}

export interface CertificateStatus {
  readonly certificates: readonly CertificateRow[];
  /** What is wrong or needs a look, each a sentence that says what to do. */
  readonly findings: readonly { readonly isFault: boolean; readonly words: string }[];
  /** Whether the server lets the service in; undefined where no DSN asks for TLS. */
  readonly login: LoginStatus | undefined;
}

/** Days before its end when a certificate needs a look: what the alert CertificateExpiration says, too. */
export const daysBeforeEnd = 30;

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
  const certificates: CertificateRow[] = [];
  const findings: { isFault: boolean; words: string }[] = [];
  let login: LoginStatus | undefined;
  const fault = (words: string) => findings.push({ isFault: true, words });
  const notice = (words: string) => findings.push({ isFault: false, words });

  const look = async (name: string, file: string): Promise<void> => {
    if (certificates.some(({ source }) => source === file)) {
      return;
    }
    try {
      const found = certificatesOf(await readFile(file, 'utf8'));
      certificates.push(...found.map((certificate) => ({ name, source: file, ...factsOf(certificate) })));
    } catch (error) {
      fault(`${file} cannot be used: ${error instanceof Error ? error.message : error}`);
    }
  };

  if (folder !== undefined) {
    const contents = await readContents(folder);
    for (const name of ['ca', 'client', 'server'] as const) {
      if (contents[`${name}.crt`] !== undefined) {
        await look(name, join(folder, `${name}.crt`));
      }
    }
    for (const purpose of ['client', 'server'] as const) {
      const { [`${purpose}.crt` as const]: certificate, [`${purpose}.key` as const]: key } = contents;
      const words =
        certificate === undefined || key === undefined
          ? undefined
          : pairFault({ certificate, key, authorities: contents['ca.crt'], purpose });
      if (words !== undefined) {
        fault(`${purpose}.crt and ${purpose}.key in ${folder} cannot be used: ${words}`);
      }
    }
  }
  if (https !== undefined) {
    await look('https', resolve(https));
  }
  if (dsn !== undefined) {
    const { paths } = dsnTls(dsn);
    for (const [name, file] of [
      ['ca', paths.ca],
      ['client', paths.cert],
    ] as const) {
      if (file !== undefined) {
        await look(name, resolve(file));
      }
    }
    const isThere = await lookAtServer(dsn);
    if (asksForTls(dsn)) {
      login = isThere ? await tryLogin(dsn) : { outcome: 'unknown', words: 'The server could not be asked' };
    }
  }
  for (const { source, name, daysLeft, notAfter } of certificates) {
    if (daysLeft < 0) {
      fault(`The ${name} certificate of ${source} ended on ${notAfter.toISOString()}: replace it`);
    } else if (daysLeft < daysBeforeEnd) {
      const remedy = name === 'https' ? 'replace it' : `brownie certs rotate ${name.replace('live ', '')}`;
      notice(`The ${name} certificate of ${source} ends in ${daysLeft} days: ${remedy}`);
    }
  }
  return { certificates, findings, login };

  async function tryLogin(dsn: string): Promise<LoginStatus> {
    try {
      const found = await logIn(dsn);
      if (found.outcome !== 'accepted') {
        findings.push({ isFault: found.outcome === 'refused', words: found.words });
      }
      return found;
    } catch (error) {
      const words = `No login was tried: ${error instanceof Error ? error.message : error}`;
      fault(words);
      return { outcome: 'unknown', words };
    }
  }

  /** Whether it was there to be asked. */
  async function lookAtServer(dsn: string): Promise<boolean> {
    const address = URL.parse(dsn)?.host ?? 'the server';
    try {
      const shown = await presentedCertificate(dsn);
      if (shown === undefined) {
        return true;
      }
      const row = { name: 'live server', source: address, ...factsOf(shown) };
      const file = certificates.find(({ name }) => name === 'server');
      certificates.push(row);
      if (file !== undefined && file.fingerprint !== row.fingerprint) {
        notice(
          `The server at ${address} shows another certificate than ${file.source}: reload it, if it is to use that file`,
        );
      }
      return true;
    } catch (error) {
      notice(
        `The server at ${address} could not be asked: ${error instanceof Error ? error.message : error}`,
      );
      return false;
    }
  }
}
