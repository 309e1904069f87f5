import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startProber } from '../../monitoring/observe/prober.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import { temporaryFolder } from '../acceptance/service-process.ts';
import { makeCertificates } from './faults/certificates.ts';

test('the prober takes a good certificate of the front, says when it expires, and takes no expired one', async () => {
  await using folder = await temporaryFolder();
  const certificates = await makeCertificates(folder.path, 29);
  const pair = async () => ({
    cert: await readFile(certificates.client.certificate),
    key: await readFile(certificates.client.key),
  });
  const port = await freePort();
  const prober = { directory: folder.path, port, authorities: certificates.ca };
  await using _prober = await startProber(prober);
  await using front = createServer(await pair(), (_request, reply) => reply.end());
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const target = `https://127.0.0.1:${(front.address() as AddressInfo).port}/health/live`;

  const asked = async (): Promise<Readonly<Record<string, number>>> => {
    const query = new URLSearchParams({ module: 'http_2xx', target });
    const text = await (await fetch(`http://127.0.0.1:${port}/probe?${query}`)).text();
    const figures = [...text.matchAll(/^(probe_\w+) (\S+)$/gm)];
    return Object.fromEntries(figures.map(([, name = '', value]) => [name, Number(value)]));
  };
  const { probe_success: success, probe_ssl_earliest_cert_expiry: expiry = 0 } = await asked();
  expect([success, Math.round((expiry - Date.now() / 1000) / 86_400)]).toEqual([1, 29]);

  await certificates.renewClient(-1);
  front.setSecureContext(await pair());
  expect(await asked()).toMatchObject({ probe_success: 0 });
});
