import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { CertificateFiles } from '../tls/certificate-files.ts';

/** AEAD with forward secrecy alone (RFC 9325, section 4.2): the three of TLS 1.3, and their like in TLS 1.2. */
const ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

/** What HTTPS is served with: TLS 1.2 or 1.3 (RFC 9325, section 3.1.1). */
export const secureContext = ({ current }: CertificateFiles) => ({
  ...current,
  minVersion: 'TLSv1.2' as const,
  ciphers,
});

/** Whether a listener speaks HTTPS. */
export const isSecure = ({ server }: FastifyInstance): boolean => server instanceof TlsServer;

/** New connections meet the certificate that the files hold by then; those that are open go on. */
export function followTls({ server }: FastifyInstance, files: CertificateFiles): void {
  if (server instanceof TlsServer) {
    files.follow({ onRenewed: () => server.setSecureContext(secureContext(files)) });
  }
}
