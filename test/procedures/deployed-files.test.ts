import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../acceptance/service-process.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const inRoot = (...path: readonly string[]): string => join(root, ...path);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());
const inFolder = (...path: readonly string[]): string => join(folder.path, ...path);

test('the scripts are sound', async () => {
  const scripts = ['distribute-secrets', 'make-secrets', 'nginx-site'].map((name) =>
    inRoot('deploy/compose', name),
  );
  await expect(run('shellcheck', scripts)).resolves.toEqual({ stdout: '', stderr: '' });
});

describe('the units of systemd', () => {
  const units = async (): Promise<string[]> => {
    const names = await readdir(inRoot('deploy/systemd'));
    await mkdir(inFolder('units'), { recursive: true });
    return await Promise.all(
      names.map(async (name) => {
        const text = await readFile(inRoot('deploy/systemd', name), 'utf8');
        // What is checked is that the program is there: here it is this one.
        const path = inFolder('units', name);
        await writeFile(path, text.replaceAll('/usr/bin/node', process.execPath));
        return path;
      }),
    );
  };

  test('are what systemd understands', async () => {
    const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', ...(await units())]);
    expect(stdout + stderr).toBe('');
  });

  test('give the service as little as they can', async () => {
    const services = (await units()).filter((path) => path.endsWith('.service'));
    expect(services).toHaveLength(4);
    for (const path of services) {
      // The exit code says whether the exposure, of 10, is below the threshold, of 100.
      await run('systemd-analyze', ['security', '--offline=true', '--threshold=15', '--no-pager', path]);
    }
  });
});

test('Debian’s PostgreSQL, which is 15 in Debian 12, reads its configuration', async () => {
  const versions = await readdir('/usr/lib/postgresql');
  const file = inRoot('deploy/postgres/postgresql.conf');
  expect(versions.length).toBeGreaterThan(0);
  for (const version of versions) {
    const postgres = `/usr/lib/postgresql/${version}/bin/postgres`;
    const asked = ['-C', 'superuser_reserved_connections', '-D', folder.path, '-c', `config_file=${file}`];
    expect((await run(postgres, asked)).stdout).toBe('5\n');
  }
});

test('Prometheus accepts its configuration for Compose, and finds the rules', async () => {
  await cp(inRoot('deploy/prometheus/rules'), inFolder('prometheus/rules'), { recursive: true });
  await cp(inRoot('deploy/compose/prometheus.yml'), inFolder('prometheus/prometheus.yml'));
  const { stdout } = await run('promtool', ['check', 'config', inFolder('prometheus/prometheus.yml')]);
  expect(stdout).toContain('SUCCESS: 3 rule files found');
});

describe('the site of nginx for Compose', () => {
  const make = (shipped: string, site: string) =>
    run(inRoot('deploy/compose/nginx-site'), [], {
      env: { PATH: process.env['PATH'], SHIPPED: shipped, SITE: site },
    });

  test('is the shipped one, with one name for all instances', async () => {
    const shipped = inRoot('deploy/nginx/brownie.conf');
    await make(shipped, inFolder('site.conf'));
    const site = await readFile(inFolder('site.conf'), 'utf8');
    expect(site).toContain('resolver 127.0.0.11 valid=2s ipv6=off;\n');
    expect(site.match(/server api\S+ .*/g)).toEqual(['server api:8080 resolve max_fails=3 fail_timeout=2s;']);
    const rest = (text: string): string => text.replace(/^(resolver .*|\s*server api.*)\n/gm, '');
    expect(rest(site)).toBe(rest(await readFile(shipped, 'utf8')));
  });

  test('is refused where there is nothing to put it in place of', async () => {
    await writeFile(inFolder('empty.conf'), 'upstream brownie_api {}\n');
    await expect(make(inFolder('empty.conf'), inFolder('site-of-empty.conf'))).rejects.toMatchObject({
      stderr: expect.stringContaining('has no server api1:8080'),
    });
  });
});

describe('the secrets of Compose', () => {
  const makeSecrets = () => run(inRoot('deploy/compose/make-secrets'), [inFolder('secrets')]);
  const secret = (name: string) => readFile(inFolder('secrets', name), 'utf8');

  test('are made once, for their owner alone', async () => {
    await makeSecrets();
    const names = (await readdir(inFolder('secrets'))).filter((name) => name !== 'alertmanager');
    const before = await Promise.all(names.map(secret));
    expect(names.length).toBeGreaterThan(10);
    expect(new Set(before).size).toBe(names.length);
    const { stdout } = await run('find', [inFolder('secrets'), '-perm', '/077']);
    expect(stdout).toBe('');
    const again = await makeSecrets();
    expect(await Promise.all(names.map(secret))).toEqual(before);
    expect(again.stdout).toMatch(/^Kept as they were: .*postgres-dsn.* delete its file\.$/m);
  });

  test('are for other places, too', async () => {
    const elsewhere = {
      BROWNIE_POSTGRES: 'db.example.com:6432',
      BROWNIE_REDIS: 'redis.example.com:6380',
      BROWNIE_CERTIFICATES: '/etc/brownie/tls',
      BROWNIE_CLIENT_PAIR: 'tls',
    };
    const env = { PATH: process.env['PATH'], ...elsewhere };
    await run(inRoot('deploy/compose/make-secrets'), [inFolder('elsewhere')], { env });
    const made = (name: string) => readFile(inFolder('elsewhere', name), 'utf8');
    expect(await made('postgres-dsn')).toBe(
      `postgresql://brownie_service:${await made('postgres-service-password')}@db.example.com:6432/brownie` +
        '?sslmode=verify-full&sslrootcert=/etc/brownie/tls/ca.crt&sslcert=/etc/brownie/tls/tls.crt&sslkey=/etc/brownie/tls/tls.key',
    );
    expect(await made('redis-url')).toMatch(/@redis\.example\.com:6380\/0$/);
  });

  test('are handed out to those who need them, each for its user', async () => {
    await makeSecrets();
    await mkdir(inFolder('its certificates'));
    for (const name of ['ca.crt', 'client.crt', 'client.key', 'server.crt', 'server.key']) {
      await writeFile(inFolder('its certificates', name), name);
    }
    await writeFile(inFolder('secrets/alertmanager/smtp-password'), 'hunter2');
    for (const name of [
      'api',
      'migrate',
      'backup',
      'backups',
      'postgres',
      'redis',
      'grafana',
      'alertmanager',
    ]) {
      await mkdir(inFolder('volumes', name), { recursive: true });
    }
    // Whoever runs this may not be root: who would become the owner is written down instead.
    await mkdir(inFolder('bin'));
    await writeFile(inFolder('bin/chown'), `#!/bin/sh\necho "$@" >>${inFolder('owners')}\n`);
    await chmod(inFolder('bin/chown'), 0o755);
    const env = {
      PATH: `${inFolder('bin')}:${process.env['PATH']}`,
      SECRETS: inFolder('secrets'),
      CERTIFICATES: inFolder('its certificates'),
      VOLUMES: inFolder('volumes'),
    };
    await run('sh', [inRoot('deploy/compose/distribute-secrets')], { env });

    const client = ['ca.crt', 'client.crt', 'client.key'];
    expect(await readdir(inFolder('volumes/api'))).toEqual(
      [...client, 'jwt-secret', 'operator-token', 'postgres-dsn', 'redis-url'].toSorted(),
    );
    expect(await readdir(inFolder('volumes/redis'))).toEqual(['redis-password', 'redis-users.acl']);
    expect(await readdir(inFolder('volumes/alertmanager'))).toEqual(['smtp-password']);
    const withOwnersKey = ['api', 'backup', 'redis', 'grafana', 'alertmanager'].map(async (name) =>
      (await readdir(inFolder('volumes', name))).filter((file) =>
        /migration-dsn|server\.key|superuser/.test(file),
      ),
    );
    expect((await Promise.all(withOwnersKey)).flat()).toEqual([]);
    const owners = (await readFile(inFolder('owners'), 'utf8')).split('\n');
    expect(owners).toContain(`10001:10001 ${inFolder('volumes/api')}`);
    expect(owners).toContain(`999:999 ${inFolder('volumes/postgres')}`);
    const { stdout } = await run('find', [inFolder('volumes'), '-type', 'f', '-not', '-perm', '0400']);
    expect(stdout).toBe('');
  });

  test('are asked for where they are missing', async () => {
    await mkdir(inFolder('nothing'));
    const env = {
      PATH: process.env['PATH'],
      SECRETS: inFolder('nothing'),
      CERTIFICATES: inFolder('nothing'),
      VOLUMES: inFolder('nothing'),
    };
    await expect(run('sh', [inRoot('deploy/compose/distribute-secrets')], { env })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ca.crt is missing: run deploy/compose/make-secrets'),
    });
  });
});
