import { readFileSync } from 'node:fs';
import { OperatorError } from '../errors/operation-error.ts';
import { certificatesOf } from './certificate.ts';
import { pairFault } from './pair-fault.ts';

/** Files of certificates that cannot be used, in one line for a person. */
export class CertificateFilesError extends OperatorError {
  override readonly name = 'CertificateFilesError';
}

/** Of each file its path, or what it holds. */
export interface Pems {
  readonly cert?: string;
  readonly key?: string;
  /** Authorities. */
  readonly ca?: string;
}

export interface CertificateFilesOptions {
  /** What names the files: begins every complaint. */
  readonly setting: string;
  readonly paths: Pems;
  readonly purpose: 'client' | 'server';
}

export interface CertificateFilesListener {
  /** What is used from now on is what the files now hold. */
  readonly onRenewed?: () => void;
  /** The files hold something that cannot be used; told once, until they change. What was good before stays. */
  readonly onRefused?: (error: CertificateFilesError) => void;
}

/**
 * Certificates as they are in files, which change while the service runs. What they hold is taken over once it fits
 * together, so that a pair is never used half new, and what is used is never worse than before.
 */
export class CertificateFiles {
  readonly #options: CertificateFilesOptions;
  readonly #listeners: CertificateFilesListener[] = [];
  #current: Pems = {};
  #seen = '';
  #fault: CertificateFilesError | undefined;

  /** Throws CertificateFilesError where they cannot be used as they are. */
  constructor(options: CertificateFilesOptions) {
    this.#options = options;
    this.look();
    if (this.#fault !== undefined) {
      throw this.#fault;
    }
  }

  /** Tells `listener` from now on, after those that came before: whoever uses the certificates, then whoever tells of it. */
  follow(listener: CertificateFilesListener): void {
    this.#listeners.push(listener);
  }

  /** What is used: the same object for as long as it stays the same. */
  get current(): Pems {
    return this.#current;
  }

  /** What is wrong with the files as they are; undefined where nothing is. */
  get fault(): CertificateFilesError | undefined {
    return this.#fault;
  }

  /** Looks whether the files have changed, and takes over what they hold where it can be used. */
  look(): void {
    const found = this.#read();
    const seen = found instanceof CertificateFilesError ? found.message : JSON.stringify(found);
    if (seen === this.#seen) {
      return;
    }
    this.#seen = seen;
    this.#fault = found instanceof CertificateFilesError ? found : this.#faultOf(found);
    if (this.#fault !== undefined) {
      for (const { onRefused } of this.#listeners) {
        onRefused?.(this.#fault);
      }
      return;
    }
    // @NOTE back to what is used already: nothing has to be renewed, but it is good news.
    if (JSON.stringify(this.#current) !== seen) {
      this.#current = found as Pems;
    }
    for (const { onRenewed } of this.#listeners) {
      onRenewed?.();
    }
  }

  // @NOTE synchronous: the reads are over before anything else of this process happens between them.
  #read(): Pems | CertificateFilesError {
    const contents: [string, string][] = [];
    for (const [name, path] of Object.entries(this.#options.paths)) {
      try {
        contents.push([name, readFileSync(path, 'utf8')]);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
        return this.#error(`${path} cannot be read (${code})`);
      }
    }
    return Object.fromEntries(contents);
  }

  #faultOf({ cert, key, ca }: Pems): CertificateFilesError | undefined {
    const { paths, purpose } = this.#options;
    try {
      if (ca !== undefined) {
        certificatesOf(ca);
      }
    } catch {
      return this.#error(`the authorities in ${paths.ca} are not certificates in PEM form`);
    }
    if (cert === undefined || key === undefined) {
      return cert === key ? undefined : this.#error('a certificate and its key need each other; name both');
    }
    const fault = pairFault({ certificate: cert, key, purpose });
    return fault === undefined
      ? undefined
      : this.#error(`${paths.cert} and its key ${paths.key} cannot be used: ${fault}`);
  }

  #error(words: string): CertificateFilesError {
    return new CertificateFilesError(`${this.#options.setting}: ${words}`);
  }
}
