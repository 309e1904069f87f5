import type { Logger } from './platform/observability/logger.ts';
import type { CertificateFiles } from './platform/tls/certificate-files.ts';

/** Certificates in files, and what to do when they change. */
export interface FollowedCertificates {
  readonly files: CertificateFiles;
  /** In words, for the log: `the database`. */
  readonly purpose: string;
  /** They are in use; never rejects. */
  readonly onRenewed: () => Promise<void>;
}

export interface CertificateReloadOptions {
  readonly followed: readonly FollowedCertificates[];
  readonly logger: Logger;
  /** Whether all of them are what is used. */
  readonly onResult: (isSuccess: boolean) => void;
  /** How often the files are looked at. */
  readonly everyMs?: number;
}

/** Follows certificates in files while the service runs: what is replaced there takes effect within seconds. */
export class CertificateReload implements Disposable {
  readonly #options: CertificateReloadOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(options: CertificateReloadOptions) {
    this.#options = options;
    const { followed, logger, onResult, everyMs = 5_000 } = options;
    const fields = { logger: 'brownie.certificates' };
    for (const { files, purpose, onRenewed } of followed) {
      files.listener = {
        onRenewed: () => {
          logger.info(fields, `the certificates for ${purpose} have changed and are in use`);
          onRenewed();
          onResult(this.#fault() === undefined);
        },
        onRefused: (error) => {
          logger.error(fields, `the certificates before stay in use. ${error.message}`);
          onResult(false);
        },
      };
    }
    this.#timer = setInterval(() => this.#look(), everyMs);
    this.#timer.unref();
  }

  /** Looks at the files now. Throws CertificateFilesError where some cannot be used as they are. */
  check(): void {
    this.#look();
    const fault = this.#fault();
    if (fault !== undefined) {
      throw fault;
    }
  }

  #look(): void {
    for (const { files } of this.#options.followed) {
      files.look();
    }
  }

  #fault() {
    return this.#options.followed.map(({ files }) => files.fault).find((fault) => fault !== undefined);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
