import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startProgram } from '../../src/platform/programs/program.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import { ownDatabase } from '../acceptance/own-database.ts';
import { brownie, startService, temporaryFolder } from '../acceptance/service-process.ts';

interface Health {
  readonly dependencies: { readonly redis: string };
}

const password = 'canary-redis-password';

/** Whether somebody listens; `false` rather than an error, since it is asked again. */
const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

test('Redis is reached over TLS with a password, where the authority is known and the password right', async () => {
  await using folder = await temporaryFolder();
  await using database = await ownDatabase({ isMigrated: true });
  const certificates = join(folder.path, 'dev-certs');
  const secret = { METADATA_JWT_SECRET: database.variables['METADATA_JWT_SECRET'] ?? '' };
  expect((await brownie(['certs', 'generate', '--directory', certificates], secret)).code).toBe(0);
  const [ca, port] = [join(certificates, 'ca.crt'), await freePort()];
  await using _redis = await startProgram({
    command: 'redis-server',
    args: [
      ...['--port', '0', '--tls-port', String(port), '--bind', '127.0.0.1', '--tls-auth-clients', 'no'],
      ...[
        '--tls-cert-file',
        join(certificates, 'server.crt'),
        '--tls-key-file',
        join(certificates, 'server.key'),
      ],
      ...['--tls-ca-cert-file', ca, '--requirepass', password, '--save', '', '--appendonly', 'no'],
    ],
    directory: folder.path,
    isReady: () => isListening(port),
  });

  /** What health says of Redis once the log says what is expected, and the whole log. */
  const look = async (given: string, variables: Record<string, string>, status: string, reason: RegExp) => {
    await using service = await startService({
      ...database.variables,
      METADATA_REDIS_URL: `rediss://:${given}@localhost:${port}/0`,
      ...variables,
    });
    const seen = async () => {
      const health = (await (await fetch(`${service.url}/health`)).json()) as Health;
      return { redis: health.dependencies.redis, isSaid: reason.test(service.output()) };
    };
    await expect.poll(seen).toEqual({ redis: status, isSaid: true });
    expect(service.output()).not.toContain('canary');
  };
  const known = { NODE_EXTRA_CA_CERTS: ca };
  await look(password, known, 'healthy', /service started/);
  await look(password, {}, 'unhealthy', /unable to verify|self-signed/);
  await look('canary-wrong-password', known, 'unhealthy', /WRONGPASS/);
});
