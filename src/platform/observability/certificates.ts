import { readFile } from 'node:fs/promises';
import { certificatesOf } from '../tls/certificate.ts';
import type { CertificateTimes } from './metrics-process.ts';

/** When each certificate is valid. Of a bundle it is the one that ends first. Throws where a file is none. */
export const readCertificates = (files: ReadonlyMap<string, string>): Promise<CertificateTimes[]> =>
  Promise.all(
    [...files].map(async ([name, path]) => {
      const certificates = certificatesOf(await readFile(path, 'utf8'));
      const [first] = certificates.toSorted((a, b) => Date.parse(a.validTo) - Date.parse(b.validTo));
      if (first === undefined) {
        throw new Error(`${path} holds no certificate`);
      }
      return { name, notBefore: new Date(first.validFrom), notAfter: new Date(first.validTo) };
    }),
  );

export interface CertificateWatchOptions {
  readonly files: ReadonlyMap<string, string>;
  readonly onRead: (certificates: readonly CertificateTimes[]) => void;
  readonly onError: (error: Error) => void;
}

const rereadMs = 60_000;

/** Reads certificates again every minute, so that what is told of them is what is on the disk. */
export class CertificateWatch implements Disposable {
  readonly #options: CertificateWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #current: readonly CertificateTimes[] = [];

  constructor(options: CertificateWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.read(), rereadMs);
    this.#timer.unref();
  }

  /** As they were last read. */
  get current(): readonly CertificateTimes[] {
    return this.#current;
  }

  /** Reads them now; keeps what it has where one cannot be read. */
  async read(): Promise<void> {
    try {
      this.#current = await readCertificates(this.#options.files);
      this.#options.onRead(this.#current);
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
