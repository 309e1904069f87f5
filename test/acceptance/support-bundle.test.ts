import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownDatabase } from './own-database.ts';
import { brownie, startService, temporaryFolder } from './service-process.ts';

const canary = (where: string): string => `canary-${where}-7f3a9c-Zk3vT8qLw1xR6yN0`;

test('a bundle holds what is needed to understand a fault, and no secret', async () => {
  await using database = await ownDatabase({ isMigrated: true });
  await using folder = await temporaryFolder();
  const secretFile = join(folder.path, 'oidc-secret');
  await writeFile(secretFile, canary('oidc'));
  const variables = {
    ...database.variables,
    METADATA_JWT_SECRET: canary('jwt'),
    METADATA_OPERATOR_TOKEN: canary('operator'),
    METADATA_BACKUP_DIR: join(folder.path, 'backups'),
    METADATA_OIDC_CLIENT_SECRET_FILE: secretFile,
    METADATA_OIDC_ISSUER: 'https://id.example.com',
    METADATA_OIDC_CLIENT_ID: 'brownie',
    METADATA_OIDC_REDIRECT_URI: 'https://api.example.com/api/v1/auth/oidc/callback',
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${canary('headers')}`,
    AWS_SECRET_ACCESS_KEY: canary('aws'),
  };
  await using service = await startService(variables, folder.path);
  const log = join(folder.path, 'service.log');
  await fetch(`${service.url}/api/v1/users/${canary('path')}`, {
    headers: { authorization: `Bearer ${canary('bearer')}` },
  });
  await expect.poll(() => service.output()).toContain('"status_code":401');
  const line = (fields: object): string =>
    JSON.stringify({ timestamp: new Date(), level: 'info', message: 'by somebody', ...fields });
  await writeFile(
    log,
    [
      service.output(),
      // What no code of ours writes, and a mistake of tomorrow might.
      line({ client_address: '203.0.113.77', email: `${canary('mail')}@example.com` }),
      line({ dsn: `postgresql://u:${canary('dsn')}@db/x`, authorization: `Bearer ${canary('log')}` }),
      line({ error: `AWS said ${canary('aws')} and ${canary('jwt')}` }),
      canary('of-another-program'),
    ].join('\n'),
  );

  const port = new URL(service.url).port;
  const { code, stdout, stderr } = await brownie(
    ['support', 'bundle', '--log', log, '--output', 'bundle.tar.gz', '--json'],
    { ...variables, METADATA_PORT: port },
    folder.path,
  );
  expect([code, stderr]).toEqual([0, '']);
  const bundle = join(folder.path, 'bundle.tar.gz');
  expect((await stat(bundle)).mode & 0o777).toBe(0o600);
  execFileSync('tar', ['-xzf', bundle, '--strip-components=1', '--one-top-level=unpacked'], {
    cwd: folder.path,
  });
  const names = await readdir(join(folder.path, 'unpacked'));
  expect(names.toSorted()).toEqual([
    'about.json',
    'configuration.json',
    'database.json',
    'doctor.json',
    'health.json',
    'log.jsonl',
    'metrics.txt',
    'migrations.json',
  ]);
  const read = async (name: string): Promise<string> =>
    await readFile(join(folder.path, 'unpacked', name), 'utf8');
  const texts = await Promise.all(names.map(read));
  for (const text of [...texts, stdout]) {
    expect(text).not.toContain('canary');
    expect(text).not.toContain('203.0.113.77');
    expect(text).not.toContain(new URL(database.variables['METADATA_POSTGRES_DSN'] ?? '').password);
  }
  expect(await read('configuration.json')).toMatch(/"METADATA_OPERATOR_TOKEN",\n.*\n.*"value": "\*{8}/);
  expect(await read('migrations.json')).toContain('"applied"');
  expect(await read('metrics.txt')).toContain('http_requests_total{');
  expect(await read('database.json')).toContain('"max_connections"');
  expect(await read('log.jsonl')).toMatch(
    /"client_address":"client-1".*\n(?:.*\n)*.*"client_address":"client-2"/,
  );

  const again = await brownie(['support', 'bundle', '--output', 'bundle.tar.gz'], variables, folder.path);
  expect([again.code, again.stderr]).toEqual([4, expect.stringContaining('is there already')]);
}, 120_000);

test('what cannot be had is named, in the bundle and beside it', async () => {
  await using folder = await temporaryFolder();
  const { code, stdout } = await brownie(
    ['support', 'bundle', '--output', 'bundle.tar.gz', '--log', 'nowhere'],
    { METADATA_POSTGRES_DSN: `postgresql://u:${canary('dsn')}@127.0.0.1:1/x`, METADATA_PORT: '0' },
    folder.path,
  );
  expect(code).toBe(3);
  expect(stdout).toMatch(/could not be had: database\.json: the database cannot be reached/);
  expect(stdout).toMatch(/could not be had: log\.jsonl: ENOENT/);
  const missing = execFileSync('tar', ['-xOzf', 'bundle.tar.gz', '--wildcards', '*/missing.txt'], {
    cwd: folder.path,
  });
  expect(String(missing)).toContain('database.json: the database cannot be reached');
});
