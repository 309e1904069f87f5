import type { Config } from '../config/index.ts';
import type { HttpServerOptions } from '../platform/http/http-server.ts';
import type { Logger } from '../platform/observability/logger.ts';
import { CertificateFiles } from '../platform/tls/certificate-files.ts';

/** What the configuration says of every listener. Reads the certificate of HTTPS; throws CertificateFilesError. */
export function httpOptions({ http, compatibility }: Config, logger: Logger): HttpServerOptions {
  const { corsOrigins, trustedProxies, tls: paths } = http;
  const common = { corsOrigins, trustedProxies, compatibility, logger };
  return paths === undefined
    ? common
    : {
        ...common,
        tls: new CertificateFiles({ setting: 'METADATA_TLS_CERT_FILE', paths, purpose: 'server' }),
      };
}
