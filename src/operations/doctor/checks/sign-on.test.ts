import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Config, OidcProviderConfig } from '../../../config/index.ts';
import type { DoctorContext } from '../doctor-context.ts';
import { signOnProviders } from './sign-on.ts';

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, name] = (request.url ?? '').split('/');
    const metadata = {
      issuer: name === 'renamed' ? 'https://other.example.com' : `${url}/${name}`,
      authorization_endpoint: url,
      token_endpoint: url,
      ...(name === 'keyless' ? {} : { jwks_uri: url }),
    };
    response.statusCode = name === 'gone' ? 404 : 200;
    response.end(JSON.stringify(metadata));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const look = (...names: readonly string[]) => {
  const oidcProviders = names.map((name) => ({ name, issuer: `${url}/${name}` }) as OidcProviderConfig);
  return signOnProviders.look({ config: { oidcProviders } as unknown as Config } as DoctorContext);
};

test('a provider that says what it must of itself is well, and so is none', async () => {
  expect(await look()).toMatchObject({ severity: 'ok' });
  expect(await look('one', 'two')).toMatchObject({
    severity: 'ok',
    finding: expect.stringContaining('one, two'),
  });
});

test('what is wrong with one is said of each', async () => {
  expect(await look('one', 'renamed', 'keyless', 'gone')).toMatchObject({
    severity: 'warning',
    evidence: [
      'renamed: names itself "https://other.example.com"',
      'keyless: has no jwks_uri',
      'gone: its metadata are answered with 404',
    ],
  });
});
