import type pg from 'pg';
import type { Config } from '../../config/index.ts';
import type { DatabaseTls } from '../../platform/database/database-tls.ts';
import { renewIdle } from '../../platform/database/pool.ts';
import { renewTls } from '../../platform/http/tls.ts';
import type { Logger } from '../../platform/observability/logger.ts';
import { CertificateFiles } from '../../platform/tls/certificate-files.ts';
import type { App } from '../app.ts';
import { CertificateReload, type FollowedCertificates } from './certificate-reload.ts';

/** The certificate of the service's own ports, where they speak HTTPS. Throws CertificateFilesError. */
export function httpCertificates(paths: Config['http']['tls']): CertificateFiles | undefined {
  return paths === undefined
    ? undefined
    : new CertificateFiles({ setting: 'METADATA_TLS_CERT_FILE', paths, purpose: 'server' });
}

export interface FollowOptions {
  readonly tls: DatabaseTls;
  readonly pool: pg.Pool;
  readonly httpTls: CertificateFiles | undefined;
  readonly app: App;
  /** When some of them have been replaced. */
  readonly onChange: () => Promise<void>;
  readonly logger: Logger;
}

/** Follows the certificates of a running service: connections to the database are renewed, and what its ports show. */
export function followCertificates(options: FollowOptions): CertificateReload {
  const { tls, pool, httpTls, app, onChange, logger } = options;
  const followed: FollowedCertificates[] = [
    {
      files: tls.files,
      purpose: 'connections to the database',
      name: 'client certificate',
      async onRenewed() {
        await Promise.all([renewIdle(pool), onChange()]);
      },
    },
  ];
  if (httpTls !== undefined) {
    followed.push({
      files: httpTls,
      purpose: 'the ports of the service',
      name: 'server certificate',
      async onRenewed() {
        for (const listener of [app.http, app.operations].filter((each) => each !== undefined)) {
          renewTls(listener, httpTls);
        }
        await onChange();
      },
    });
  }
  return new CertificateReload({ followed, logger, onResult: app.metrics.configReloaded });
}
