import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chosenDsn } from '../../platform/database/choose-server.ts';
import { dsnAddress } from '../../platform/database/dsn.ts';
import { dsnTls } from '../../platform/database/dsn-tls.ts';
import { type CertificateFacts, certificatesOf, factsOf } from '../../platform/tls/certificate.ts';
import { pairFault } from '../../platform/tls/pair-fault.ts';
import { readContents } from './files.ts';
import { presentedCertificate } from './live-server.ts';

/** One certificate, and where it was found. */
export interface CertificateRow extends CertificateFacts {
  /** `ca`, `client`, `server`, `https`, and what the database server shows at this moment: `live server`. */
  readonly name: string;
  /** A file, or the address of the server. */
  readonly source: string;
}

/** What is wrong or needs a look: a sentence that says what to do. */
export interface Finding {
  readonly isFault: boolean;
  readonly words: string;
}

/** What one place holds. */
export interface Found {
  readonly certificates: readonly CertificateRow[];
  readonly findings: readonly Finding[];
}

export const fault = (words: string): Finding => ({ isFault: true, words });
export const notice = (words: string): Finding => ({ isFault: false, words });

const purposes = ['client', 'server'] as const;

/** The certificates of a file, which must be there. */
export async function inFile(name: string, file: string): Promise<Found> {
  try {
    const found = certificatesOf(await readFile(file, 'utf8'));
    return {
      certificates: found.map((certificate) => ({ name, source: file, ...factsOf(certificate) })),
      findings: [],
    };
  } catch (error) {
    return { certificates: [], findings: [fault(`${file} cannot be used: ${wordsOf(error)}`)] };
  }
}

/** Those of a folder of certificates, and whether each fits its key and its authority. */
export async function inFolder(folder: string): Promise<readonly Found[]> {
  const contents = await readContents(folder);
  const names = (['ca', ...purposes] as const).filter((name) => contents[`${name}.crt`] !== undefined);
  const files = await Promise.all(names.map((name) => inFile(name, join(folder, `${name}.crt`))));
  const faults = purposes.flatMap((purpose) => {
    const { [`${purpose}.crt` as const]: certificate, [`${purpose}.key` as const]: key } = contents;
    const words =
      certificate === undefined || key === undefined
        ? undefined
        : pairFault({ certificate, key, authorities: contents['ca.crt'], purpose });
    return words === undefined
      ? []
      : [fault(`${purpose}.crt and ${purpose}.key in ${folder} cannot be used: ${words}`)];
  });
  return [...files, { certificates: [], findings: faults }];
}

/** Those of the files that a DSN names. */
export async function namedBy(dsn: string): Promise<readonly Found[]> {
  const { ca, cert } = dsnTls(dsn).paths;
  const named = [
    ['ca', ca],
    ['client', cert],
  ] as const;
  return await Promise.all(
    named.flatMap(([name, file]) => (file === undefined ? [] : [inFile(name, resolve(file))])),
  );
}

/** The one that the server of a DSN shows at this moment; none where it speaks no TLS. */
export async function shownBy(dsn: string): Promise<Found & { readonly isThere: boolean }> {
  const address = dsnAddress(dsn);
  try {
    const shown = await presentedCertificate(await chosenDsn(dsn));
    const certificates =
      shown === undefined ? [] : [{ name: 'live server', source: address, ...factsOf(shown) }];
    return { isThere: true, certificates, findings: [] };
  } catch (error) {
    const words = `The server at ${address} could not be asked: ${wordsOf(error)}`;
    return { isThere: false, certificates: [], findings: [notice(words)] };
  }
}

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
