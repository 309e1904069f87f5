import { certificatesOfDsn } from '../platform/database/dsn-tls.ts';
import { CertificateWatch } from '../platform/observability/certificates.ts';
import type { Logger } from '../platform/observability/logger.ts';
import type { Metrics } from '../platform/observability/metrics.ts';
import type { CertificateTimes } from '../platform/observability/metrics-process.ts';
import type { CertificateFiles } from '../platform/tls/certificate-files.ts';
import { CertificateReload } from './reload/certificate-reload.ts';
import type { InEffect } from './reload/reload-changes.ts';

export interface CertificatesOptions {
  /** Those that connections to the database use, and the DSN that names them. */
  readonly database: CertificateFiles;
  readonly dsn: string;
  /** Those of the ports, where they speak HTTPS, and the path of the certificate. */
  readonly tls: CertificateFiles | undefined;
  readonly path: string | undefined;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** The certificates of a running service: followed in their files, and told of as they were last read. */
export interface Certificates extends Disposable {
  current(): readonly CertificateTimes[];
  /** What is in use by now: fingerprints. */
  inUse(): InEffect;
  /** Takes over what the files hold now. Throws CertificateFilesError where some cannot be used as they are. */
  check(): Promise<void>;
}

/** Reads them, and again every minute; looks every few seconds whether they were replaced. */
export async function openCertificates(options: CertificatesOptions): Promise<Certificates> {
  const { database, dsn, tls, path, metrics, logger } = options;
  const watch = new CertificateWatch({
    files: new Map([...certificatesOfDsn(dsn), ...(path === undefined ? [] : [['server', path] as const])]),
    onRead: metrics.certificatesRead,
    onError: (error) => logger.error({ error }, 'a certificate cannot be read'),
  });
  const reload = new CertificateReload({
    followed: [
      { files: database, purpose: 'connections to the database', name: 'client certificate' },
      ...(tls === undefined
        ? []
        : [{ files: tls, purpose: 'the ports of the service', name: 'server certificate' }]),
    ],
    logger,
    onRenewed: () => watch.read(),
    onResult: metrics.configReloaded,
  });
  await watch.read();
  return {
    current: () => watch.current,
    inUse: () => reload.inUse,
    async check() {
      reload.check();
      await watch.read();
    },
    [Symbol.dispose]() {
      reload[Symbol.dispose]();
      watch[Symbol.dispose]();
    },
  };
}
