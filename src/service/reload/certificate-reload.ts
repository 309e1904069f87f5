import type { Logger } from '../../platform/observability/logger.ts';
import type { CertificateFiles, Pems } from '../../platform/tls/certificate-files.ts';
import { fingerprintsIn } from './certificate-fingerprints.ts';
import { changesBetween, changesText, type InEffect } from './reload-changes.ts';

/** Certificates in files; whoever uses them takes over by itself what the files hold. */
export interface FollowedCertificates {
  readonly files: CertificateFiles;
  /** In words, for the log: `the database`. */
  readonly purpose: string;
  /** Of the certificate, for the log: `client certificate`. */
  readonly name: string;
}

export interface CertificateReloadOptions {
  readonly followed: readonly FollowedCertificates[];
  readonly logger: Logger;
  /** Some of them have been replaced, and what is new is in use. */
  readonly onRenewed: () => void;
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
    const { followed, logger, onRenewed, onResult, everyMs = 5_000 } = options;
    const fields = { logger: 'brownie.certificates' };
    for (const each of followed) {
      const { files, purpose } = each;
      let inUse = fingerprints(each);
      files.follow({
        onRenewed: () => {
          const changed = changesBetween(inUse, fingerprints(each));
          inUse = fingerprints(each);
          const text = changed.length === 0 ? '' : `; ${changesText(changed)}`;
          logger.info(
            { ...fields, changed },
            `the certificates for ${purpose} have changed and are in use${text}`,
          );
          onRenewed();
          onResult(this.#fault() === undefined);
        },
        onRefused: (error) => {
          logger.error(fields, `the certificates before stay in use. ${error.message}`);
          onResult(false);
        },
      });
    }
    this.#timer = setInterval(() => this.#look(), everyMs);
    this.#timer.unref();
  }

  /** What is in use by now: fingerprints. */
  get inUse(): InEffect {
    return new Map(this.#options.followed.flatMap((each) => [...fingerprints(each)]));
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

function fingerprints({ name, files, purpose }: FollowedCertificates): InEffect {
  const { cert, ca }: Pems = files.current;
  return new Map([
    ...(cert === undefined ? [] : [[name, fingerprintsIn(cert)] as const]),
    ...(ca === undefined ? [] : [[`authorities for ${purpose}`, fingerprintsIn(ca)] as const]),
  ]);
}
