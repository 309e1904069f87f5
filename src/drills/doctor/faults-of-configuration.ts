import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { issueAuthority, issueLeaf } from '../../operations/certificates/issue.ts';
import { atAddress } from '../../platform/database/dsn.ts';
import { freePort } from '../../platform/system/free-port.ts';
import type { Fault, Scene } from './fault.ts';

const changedDsn = (scene: Scene, change: (url: URL) => void) => {
  const url = new URL(scene.database.serviceDsn);
  change(url);
  return { variables: { METADATA_POSTGRES_DSN: url.href } };
};

/** A certificate and a key in files: of each other where `other` is not given. */
async function pair(directory: string, days: number, isMixed: boolean) {
  const authority = await issueAuthority();
  const request = {
    authority,
    purpose: 'client',
    commonName: 'brownie_service',
    names: ['localhost'],
  } as const;
  const [one, other] = [
    await issueLeaf({ ...request, days }),
    await issueLeaf({ ...request, purpose: 'server', days }),
  ];
  const [cert, key] = [join(directory, 'drill.crt'), join(directory, 'drill.key')];
  await writeFile(cert, isMixed ? one.certificate : other.certificate);
  await writeFile(key, other.key, { mode: 0o600 });
  return { cert, key };
}

/** What is wrong with the environment hides the database: whatever is wrong there, these are named first. */
export const configurationFaults: readonly Fault[] = [
  {
    name: 'a setting that cannot be read',
    expected: 'configuration.faults',
    inject: async () => ({ variables: { METADATA_POSTGRES_POOL_SIZE: 'ten' } }),
  },
  {
    name: 'wrong password of the database',
    expected: 'database.connection',
    inject: async (scene) =>
      changedDsn(scene, (url) => {
        url.password = randomBytes(12).toString('hex');
      }),
  },
  {
    name: 'no such database',
    expected: 'database.connection',
    inject: async (scene) =>
      changedDsn(scene, (url) => {
        url.pathname = '/browny';
      }),
  },
  {
    name: 'host name that cannot be resolved',
    expected: 'database.connection',
    inject: async (scene) =>
      changedDsn(scene, (url) => {
        url.hostname = 'db.invalid';
      }),
  },
  {
    name: 'TLS demanded of a server without it',
    expected: 'database.connection',
    inject: async (scene) =>
      changedDsn(scene, (url) => {
        url.search = '?sslmode=verify-full';
      }),
  },
  {
    name: 'a certificate and the key of another one',
    expected: 'certificates.pairs',
    async inject(scene) {
      const { cert, key } = await pair(scene.directory, 90, true);
      return changedDsn(scene, (url) => {
        url.search = `?sslmode=verify-full&sslcert=${cert}&sslkey=${key}`;
      });
    },
  },
  {
    name: 'a certificate that has ended',
    expected: 'certificates.expiration',
    async inject({ directory }) {
      const { cert, key } = await pair(directory, 0, false);
      return { variables: { METADATA_TLS_CERT_FILE: cert, METADATA_TLS_KEY_FILE: key } };
    },
  },
  {
    name: 'a JWT secret that opens no key',
    expected: 'secrets.key-ring',
    inject: async () => ({ variables: { METADATA_JWT_SECRET: randomBytes(32).toString('base64') } }),
  },
];

export const furtherConfigurationFaults: readonly Fault[] = [
  {
    name: 'METADATA_JWT_SECRET_PREVIOUS forgotten',
    expected: 'secrets.previous',
    inject: async () => ({ variables: { METADATA_JWT_SECRET_PREVIOUS: randomBytes(32).toString('base64') } }),
  },
  {
    name: 'a replica that does not run',
    expected: 'database.replicas',
    async inject({ database }) {
      const nobody = atAddress(database.serviceDsn, '127.0.0.1', await freePort());
      return { variables: { METADATA_POSTGRES_READ_DSN: nobody } };
    },
  },
  {
    name: 'pools larger than the server',
    expected: 'connections.budget',
    inject: async () => ({ variables: { METADATA_POSTGRES_MAX_OVERFLOW: '500' } }),
  },
  {
    name: 'the port taken by somebody else',
    expected: 'service.health',
    async inject() {
      const port = await freePort();
      const stranger = createServer((_request, reply) => reply.end('hello'));
      await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
      return {
        variables: { METADATA_PORT: String(port) },
        undo: () =>
          new Promise((resolve) => {
            stranger.close(resolve);
            stranger.closeAllConnections();
          }),
      };
    },
  },
];
