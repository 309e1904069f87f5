import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { CertificateFiles } from '../tls/certificate-files.ts';

/** What HTTPS is served with: TLS 1.2 or 1.3 (RFC 9325, section 3.1.1). */
export const secureContext = ({ current }: CertificateFiles) => ({
  ...current,
  minVersion: 'TLSv1.2' as const,
});

/** Whether a listener speaks HTTPS. */
export const isSecure = ({ server }: FastifyInstance): boolean => server instanceof TlsServer;

/** New connections meet the certificate that the files hold by then; those that are open go on. */
export function followTls({ server }: FastifyInstance, files: CertificateFiles): void {
  if (server instanceof TlsServer) {
    files.follow({ onRenewed: () => server.setSecureContext(secureContext(files)) });
  }
}
