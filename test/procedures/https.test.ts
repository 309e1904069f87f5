import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { ownDatabase } from '../acceptance/own-database.ts';
import { brownie, messagesOf, startService, temporaryFolder } from '../acceptance/service-process.ts';

/** What a reply says, and the serial of the certificate that it came with. */
function get(url: string, ca: Buffer): Promise<{ readonly body: string; readonly serial: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ca, agent: false }, (reply) => {
      const { serialNumber } = (reply.socket as TLSSocket).getPeerCertificate();
      let body = '';
      reply.on('data', (chunk: Buffer) => {
        body += chunk;
      });
      reply.once('end', () => resolve({ body, serial: serialNumber }));
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

test('the service speaks HTTPS, and shows a renewed certificate without a restart', async () => {
  await using folder = await temporaryFolder();
  await using database = await ownDatabase({ isMigrated: true });
  const directory = join(folder.path, 'dev-certs');
  const certs = (...args: string[]) =>
    brownie(['certs', ...args, '--directory', directory], {
      METADATA_JWT_SECRET: database.variables['METADATA_JWT_SECRET'] ?? '',
    });
  await certs('generate');
  const service = await startService({
    ...database.variables,
    METADATA_TLS_CERT_FILE: join(directory, 'server.crt'),
    METADATA_TLS_KEY_FILE: join(directory, 'server.key'),
  });
  const ca = await readFile(join(directory, 'ca.crt'));
  expect(service.url).toMatch(/^https:/);
  const first = await get(`${service.url}/health`, ca);
  expect(JSON.parse(first.body)).toMatchObject({ status: 'healthy' });
  const { body: metrics } = await get(`${service.url}/metrics`, ca);
  expect(metrics).toContain('tls_certificate_not_after_timestamp_seconds{name="server"}');

  expect((await certs('rotate', 'server')).code).toBe(0);
  service.process.kill('SIGHUP');
  await expect.poll(async () => (await get(`${service.url}/health`, ca)).serial).not.toBe(first.serial);
  const logged = (pattern: RegExp) => expect.poll(() => messagesOf(service.output())).toMatch(pattern);
  await logged(/^configuration reloaded; server certificate: [\da-f]{8} → [\da-f]{8}$/m);
  service.process.kill('SIGHUP');
  await logged(/^configuration reloaded; nothing changed$/m);
  expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
});
