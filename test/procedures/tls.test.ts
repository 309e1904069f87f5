import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, createServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { issueAuthority, issueLeaf } from '../../src/operations/certificates/issue.ts';
import { secureContext } from '../../src/platform/http/tls.ts';
import { CertificateFiles } from '../../src/platform/tls/certificate-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'tls-'));
const [cert = '', key = '', ca = ''] = ['server.crt', 'server.key', 'ca.crt'].map((name) =>
  join(folder, name),
);
const server = createServer((socket) => socket.end());

beforeAll(async () => {
  const authority = await issueAuthority();
  const names = { commonName: 'localhost', names: ['localhost'] };
  const issued = await issueLeaf({ authority, purpose: 'server', ...names, days: 2 });
  writeFileSync(cert, issued.certificate);
  writeFileSync(key, issued.key);
  writeFileSync(ca, authority.certificate);
  const files = new CertificateFiles({
    setting: 'METADATA_TLS_CERT_FILE',
    paths: { cert, key },
    purpose: 'server',
  });
  server.setSecureContext(secureContext(files));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** What is spoken with a client that offers this alone, or why nothing is. */
const spoken = (options: ConnectionOptions): Promise<string> =>
  new Promise((resolve) => {
    const { port } = server.address() as AddressInfo;
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: readFileSync(ca),
      ...options,
    });
    socket.once('secureConnect', () => {
      resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
      socket.destroy();
    });
    socket.once('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message));
  });

// @NOTE `@SECLEVEL=0`: without it a client would not even offer what is weak.
const offering = (
  ciphers: string,
  version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3',
): ConnectionOptions => ({
  ciphers: `${ciphers}:@SECLEVEL=0`,
  minVersion: version,
  maxVersion: version,
});

test('TLS 1.2 and 1.3 are spoken, with ciphers that authenticate and forget, and nothing else', async () => {
  expect(await spoken({})).toBe('TLSv1.3 TLS_AES_256_GCM_SHA384');
  expect(await spoken(offering('ECDHE-ECDSA-AES128-GCM-SHA256', 'TLSv1.2'))).toBe(
    'TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256',
  );
  for (const version of ['TLSv1', 'TLSv1.1'] as const) {
    expect([version, await spoken(offering('ALL', version))]).toEqual([
      version,
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    ]);
  }
  for (const weak of [
    'ECDHE-ECDSA-AES128-SHA256',
    'ECDHE-ECDSA-AES256-SHA',
    'ECDHE-ECDSA-AES128-CCM8',
    'ECDHE-ECDSA-CAMELLIA128-SHA256',
  ]) {
    expect([weak, await spoken(offering(weak, 'TLSv1.2'))]).toEqual([
      weak,
      'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
    ]);
  }
});
