import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.ts';
import { startProgram } from '../../src/platform/programs/program.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import { brownie, startService, temporaryFolder } from '../acceptance/service-process.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const shipped = (path: string): Promise<string> => readFile(join(root, 'deploy', path), 'utf8');

/** The settings of deploy/postgres/postgresql.conf, with files that are elsewhere. */
async function settingsOf(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const lines = (await shipped('postgres/postgresql.conf')).matchAll(/^(\w+) = '?([^'\n]*)'?$/gm);
  const settings = Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
  return { ...settings, ...files };
}

const accepts = (port: number) => (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(true));
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => resolve(false));
  });

test('the files of PostgreSQL and Redis, the roles and the secrets are what the service runs on', async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  const certificates = join(path, 'dev-certs');
  const certificatesMade = await brownie(
    ['certs', 'generate', '--directory', certificates, '--server-name', 'postgres'],
    {},
  );
  expect(certificatesMade).toMatchObject({ code: 0 });
  await run(join(root, 'deploy/compose/make-secrets'), [join(path, 'secrets')]);

  // The lines that are shipped, and one for those who prepare the server here; who comes with TLS meets the shipped ones first.
  const hba = `${await shipped('postgres/pg_hba.conf')}\nhostnossl all postgres 127.0.0.1/32 scram-sha-256\n`;
  await writeFile(join(path, 'pg_hba.conf'), hba);
  await using postgres = await startEmbeddedPostgres({
    directory: path,
    settings: await settingsOf({
      hba_file: join(path, 'pg_hba.conf'),
      ssl_ca_file: join(certificates, 'ca.crt'),
      ssl_cert_file: join(certificates, 'server.crt'),
      ssl_key_file: join(certificates, 'server.key'),
    }),
  });
  const passwordFile = (name: string): string => join(path, 'secrets', `postgres-${name}-password`);
  const psql = ['--no-psqlrc', '--quiet', postgres.superuserDsn, '--file'];
  const env = {
    PATH: process.env['PATH'],
    BROWNIE_OWNER_PASSWORD_FILE: passwordFile('owner'),
    BROWNIE_SERVICE_PASSWORD_FILE: passwordFile('service'),
    BROWNIE_BACKUP_PASSWORD_FILE: passwordFile('backup'),
  };
  const rolesSql = [...psql, join(root, 'deploy/postgres/init/10-roles.sql')];
  const refuses = (withoutFile: NodeJS.ProcessEnv, name: string) =>
    expect(run('psql', rolesSql, { env: withoutFile })).rejects.toMatchObject({
      code: 3,
      stderr: expect.stringMatching(new RegExp(`cannot read them: ${name}\\n.*nothing was changed`)),
    });
  const { BROWNIE_BACKUP_PASSWORD_FILE, ...incomplete } = env;
  await refuses(incomplete, 'BROWNIE_BACKUP_PASSWORD_FILE');
  const made = ['-At', '-c', "select count(*) from pg_roles where rolname = 'brownie_backup'"];
  expect((await run('psql', [postgres.superuserDsn, '-X', ...made], { env })).stdout.trim()).toBe('0');

  await run('psql', rolesSql, { env });
  await refuses(
    { ...env, BROWNIE_OWNER_PASSWORD_FILE: join(path, 'nothing') },
    'BROWNIE_OWNER_PASSWORD_FILE',
  );
  // Again, as after a change of passwords.
  await run('psql', rolesSql, { env });
  await run('psql', [...psql, join(root, 'deploy/pgbouncer/role-settings.sql')], { env });

  const redisPort = await freePort();
  const redisConf = (await shipped('redis/redis.conf'))
    .replace('port 6379', `port ${redisPort}`)
    .replace('/run/brownie/', `${path}/secrets/`)
    .replace('dir /data', `dir ${path}`);
  await writeFile(join(path, 'redis.conf'), redisConf);
  await using _redis = await startProgram({
    command: 'redis-server',
    args: [join(path, 'redis.conf')],
    directory: path,
    isReady: accepts(redisPort),
  });
  const redis = (...command: readonly string[]) =>
    run('redis-cli', ['-p', String(redisPort), ...command]).then(({ stdout }) => stdout.trim());
  expect(await redis('ping')).toContain('NOAUTH');

  // The very strings that containers get, with the addresses and folders of this machine.
  const secret = async (name: string): Promise<string> =>
    (await readFile(join(path, 'secrets', name), 'utf8'))
      .replace('@postgres:5432', `@127.0.0.1:${postgres.port}`)
      .replace('@redis:6379', `@127.0.0.1:${redisPort}`)
      .replaceAll('/run/brownie', certificates);
  const variables = {
    NODE_ENV: 'production',
    METADATA_DRAIN_SECONDS: '0',
    METADATA_HOST: '127.0.0.1',
    METADATA_POSTGRES_DSN: await secret('postgres-dsn'),
    METADATA_POSTGRES_MIGRATION_DSN: await secret('postgres-migration-dsn'),
    METADATA_REDIS_URL: await secret('redis-url'),
    METADATA_JWT_SECRET: await secret('jwt-secret'),
    METADATA_OPERATOR_TOKEN: await secret('operator-token'),
  };
  expect(await brownie(['migrate'], variables)).toMatchObject({ code: 0 });
  const service = await startService(variables);
  await expect
    .poll(async () => (await fetch(`${service.url}/health`)).json())
    .toMatchObject({ status: 'healthy', dependencies: { database: 'healthy', redis: 'healthy' } });

  const ask = (dsn: string, sql: string) =>
    run('psql', ['--no-psqlrc', '-Atc', sql, dsn]).then(({ stdout }) => stdout.trim());
  const sessions = await ask(
    postgres.superuserDsn,
    `select distinct ssl, client_dn from pg_stat_ssl join pg_stat_activity using (pid) where usename = 'brownie_service'`,
  );
  expect(sessions).toBe('t|/CN=brownie_service');
  expect(await ask(variables.METADATA_POSTGRES_DSN, 'show statement_timeout')).toBe('5s');
  expect(await ask(await secret('backup-dsn'), 'select count(*) from organizations')).toBe('0');
  // Password alone is not enough, and neither is the network.
  const withoutCertificate = variables.METADATA_POSTGRES_DSN.replace(/&sslcert=.*/, '');
  await expect(ask(withoutCertificate, 'select 1')).rejects.toMatchObject({
    stderr: expect.stringContaining('requires a valid client certificate'),
  });
  await expect(ask(withoutCertificate.replace(/\?.*/, '?sslmode=disable'), 'select 1')).rejects.toMatchObject(
    {
      stderr: expect.stringContaining('no pg_hba.conf entry'),
    },
  );
  expect((await service.end('SIGTERM')).code).toBe(0);
});
