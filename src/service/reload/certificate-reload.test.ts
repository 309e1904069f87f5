import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../platform/observability/logger.ts';
import { CertificateFiles } from '../../platform/tls/certificate-files.ts';
import { CertificateReload } from './certificate-reload.ts';

let directory: string;
let ca: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'brownie-reload-'));
  ca = join(directory, 'ca.crt');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const pemOf = (...range: [from: number, to: number]): string => rootCertificates.slice(...range).join('\n');
const ofFile = (pem: string): string => createHash('sha256').update(pem).digest('hex').slice(0, 8);
const ofEach = (pem: string): string =>
  new X509Certificate(pem).fingerprint256.replaceAll(':', '').slice(0, 8).toLowerCase();

/** What is told where authorities are replaced. */
async function replaced(before: string, after: string): Promise<string | undefined> {
  const lines: { message: string }[] = [];
  await writeFile(ca, before);
  using reload = new CertificateReload({
    followed: [
      {
        files: new CertificateFiles({ setting: 'SETTING', paths: { ca }, purpose: 'client' }),
        purpose: 'the database',
        name: 'client certificate',
      },
    ],
    onRenewed: () => undefined,
    logger: createLogger({ level: 'INFO', destination: { write: (line) => lines.push(JSON.parse(line)) } }),
    onResult: () => undefined,
  });
  await writeFile(ca, after);
  reload.check();
  return lines[0]?.message;
}

test('an authority that follows another is told by the fingerprints of both', async () => {
  const [one, other] = [pemOf(0, 1), pemOf(1, 2)];
  expect(await replaced(one, `${one}\n${other}`)).toBe(
    'the certificates for the database have changed and are in use; ' +
      `authorities for the database: ${ofEach(one)} → ${ofEach(one)}+${ofEach(other)}`,
  );
});

test('a bundle is told by one fingerprint, that of its file', async () => {
  const [before, after] = [pemOf(0, 100), pemOf(1, 100)];
  expect(await replaced(before, after)).toBe(
    'the certificates for the database have changed and are in use; authorities for the database: ' +
      `100 certificates, sha256 ${ofFile(before)} → 99 certificates, sha256 ${ofFile(after)}`,
  );
});
