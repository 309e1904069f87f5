import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTlsDatabase, type TlsDatabase } from '../../src/drills/harness/mutual-tls.ts';
import { issueAuthority, issueLeaf } from '../../src/operations/certificates/issue.ts';
import { chosenDsn } from '../../src/platform/database/choose-server.ts';
import { readDsn } from '../../src/platform/database/dsn.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import {
  brownie,
  type ServiceProcess,
  startService,
  temporaryFolder,
} from '../acceptance/service-process.ts';

const run = promisify(execFile);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: TlsDatabase;
let dsn: string;
const file = (name: string): string => join(database.certificates, name);
const variables = (changed: Record<string, string> = {}) => ({
  ...database.variables,
  METADATA_HOST: '127.0.0.1',
  ...changed,
});
const certs = (...args: string[]) =>
  brownie(['certs', ...args, '--directory', database.certificates], variables());

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await startTlsDatabase(folder.path);
  dsn = database.variables['METADATA_POSTGRES_DSN'] ?? '';
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Waits, 20 s at most, until something holds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  await expect.poll(holds, { interval: 100 }).toBe(true);
}

/** What the service says as it refuses to start on a DSN. */
async function refusal(changedDsn: string): Promise<string> {
  const refused = await brownie(['serve'], variables({ METADATA_POSTGRES_DSN: changedDsn }));
  expect(refused.code).toBe(1);
  return refused.stderr + refused.stdout;
}

test('psql takes the very DSN of the service, and both come in by the certificate alone', async () => {
  expect(dsn).not.toMatch(/password|brownie_service:/);
  const { stdout } = await run('psql', [
    dsn,
    '-AtXc',
    'select current_user, ssl from pg_stat_ssl where pid = pg_backend_pid()',
  ]);
  expect(stdout.trim()).toBe('brownie_service|t');
  await expect(run('psql', [dsn.replace(/\?.*/, ''), '-Xwc', 'select 1'])).rejects.toThrow('pg_hba.conf');
  const service = await startService(variables());
  const { status } = (await (await fetch(`${service.url}/health`)).json()) as { status: string };
  expect(status).toBe('healthy');
  await service.end('SIGTERM');
});

describe('the service refuses', () => {
  test.each(['verify-full', 'require', 'prefer'])(
    'with sslmode=%s, a server of another authority',
    async (mode) => {
      const other = join(folder.path, 'other-ca.crt');
      await writeFile(other, (await issueAuthority()).certificate);
      const changed = dsn.replace(/sslrootcert=[^&]+/, `sslrootcert=${other}`).replace('verify-full', mode);
      expect(await refusal(changed)).toMatch(/certificate/);
    },
  );

  test('a server of another name; and the rotation to such a one is refused first', async () => {
    const authority = {
      certificate: await readFile(file('ca.crt'), 'utf8'),
      key: await readFile(file('ca.key'), 'utf8'),
    };
    const names = ['localhost'];
    const stranger = await issueLeaf({ authority, purpose: 'server', commonName: 'db', names, days: 9 });
    const offer = { certificate: join(folder.path, 'db.crt'), key: join(folder.path, 'db.key') };
    await writeFile(offer.certificate, stranger.certificate);
    await writeFile(offer.key, stranger.key);
    const pair = () => Promise.all(['server.crt', 'server.key'].map((name) => readFile(file(name), 'utf8')));
    const kept = await pair();
    const options = ['--certificate', offer.certificate, '--key', offer.key, '--reload'];
    const rotated = await certs('rotate', 'server', ...options);
    expect([rotated.code, rotated.stdout]).toEqual([4, '']);
    expect(rotated.stderr).toMatch(
      /nothing is changed: METADATA_POSTGRES_DSN .* as 127\.0\.0\.1 .* is for DNS:localhost: /,
    );
    expect(await pair()).toEqual(kept);
    // What no command does: somebody who copies files onto the server's.
    const show = async ([certificate, key]: readonly string[]) => {
      await writeFile(file('server.crt'), certificate ?? '');
      await writeFile(file('server.key'), key ?? '');
      await database.query('select pg_reload_conf()');
      const isLetIn = () =>
        run('psql', [dsn, '-Xwc', 'select 1']).then(
          () => true,
          () => false,
        );
      await until(async () => (await isLetIn()) === (certificate === kept[0]));
    };
    await show([stranger.certificate, stranger.key]);
    try {
      expect(await refusal(dsn)).toMatch(/127\.0\.0\.1.*(not in the cert|does not match)/s);
      // Of several servers the certificate must name the one that is connected to, not the first.
      const [port, nobody] = [readDsn(dsn).port, await freePort()];
      const several = (first: string, second: string): string =>
        `${dsn.replace(`127.0.0.1:${port}`, `${first}:${nobody},${second}:${port}`)}&target_session_attrs=read-write`;
      const outcome = (dsns: string): Promise<unknown> =>
        chosenDsn(dsns).then(
          (chosen) => readDsn(chosen).host,
          ({ code }) => code,
        );
      // @NOTE a server has a second for an answer, which a busy machine may take for itself.
      await expect.poll(() => outcome(several('127.0.0.1', 'localhost'))).toBe('localhost');
      await expect
        .poll(() => outcome(several('localhost', '127.0.0.1')))
        .toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    } finally {
      await show(kept);
    }
  });

  test('files that are missing or do not fit, in one line', async () => {
    expect(await refusal(`${dsn}.not`)).toMatch(/client\.key\.not cannot be read \(ENOENT\)/);
    expect(await refusal(dsn.replace('client.key', 'server.key'))).toContain(
      'the key does not belong to the certificate',
    );
    expect(await refusal(dsn.replace(/&sslkey=.*/, ''))).toContain(
      'a certificate and its key need each other',
    );
  });
});

test('a certificate of another name is tried out, and refused before it is put in place', async () => {
  const [authority, before] = [
    { certificate: await readFile(file('ca.crt'), 'utf8'), key: await readFile(file('ca.key'), 'utf8') },
    await readFile(file('client.crt'), 'utf8'),
  ];
  const nobody = await issueLeaf({ authority, purpose: 'client', commonName: 'nobody', names: [], days: 9 });
  const offer = { certificate: join(folder.path, 'nobody.crt'), key: join(folder.path, 'nobody.key') };
  await writeFile(offer.certificate, nobody.certificate);
  await writeFile(offer.key, nobody.key);
  const refused = await certs('rotate', 'client', '--certificate', offer.certificate, '--key', offer.key);
  expect([refused.code, refused.stderr]).toMatchObject([4, expect.stringContaining('does not accept')]);
  expect(await readFile(file('client.crt'), 'utf8')).toBe(before);
});

describe('a running service', () => {
  let service: ServiceProcess;
  const metric = async (name: string): Promise<string | undefined> =>
    new RegExp(`^${name} (\\S+)$`, 'm').exec(await (await fetch(`${service.url}/metrics`)).text())?.[1];
  const login = async (): Promise<number> =>
    (
      await fetch(`${service.url}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"email": "nobody@example.com", "password": "wrong"}',
      })
    ).status;

  beforeAll(async () => {
    service = await startService(variables());
  });
  afterAll(async () => {
    await service.end('SIGTERM');
  });

  test('keeps what was good when files go bad, says so, and takes up what mends them', async () => {
    const [good, key] = [await readFile(file('client.crt'), 'utf8'), file('.current/client.crt')];
    await writeFile(key, 'garbage');
    await until(async () => (await metric('config_reload_success')) === '0');
    expect(service.output()).toContain('the certificates before stay in use');
    await database.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'brownie_service'",
    );
    await until(async () => (await login()) === 401);
    expect(await metric('config_reload_success')).toBe('0');
    await writeFile(key, good);
    service.process.kill('SIGHUP');
    await until(async () => (await metric('config_reload_success')) === '1');
  });

  test('renews its connections, and tells how long the new certificate lasts', async () => {
    await login();
    const before = await metric(
      'tls_certificate_not_after_timestamp_seconds{name="client"}'.replace(/[{}]/g, '\\$&'),
    );
    expect((await certs('rotate', 'client', '--days', '40')).code).toBe(0);
    await until(async () => {
      await login();
      const after = await metric(
        'tls_certificate_not_after_timestamp_seconds{name="client"}'.replace(/[{}]/g, '\\$&'),
      );
      return after !== undefined && after !== before;
    });
    const { stdout } = await run('openssl', ['x509', '-in', file('client.crt'), '-noout', '-serial']);
    const serial = BigInt(`0x${stdout.trim().replace('serial=', '')}`).toString();
    await until(async () => {
      const rows = await database.query<{ serial: string }>(
        "select distinct client_serial::text as serial from pg_stat_ssl join pg_stat_activity using (pid) where usename = 'brownie_service'",
      );
      return rows.length === 1 && rows[0]?.serial === serial;
    });
  });

  test('is out of reach for who shows a certificate of an authority that was dropped', async () => {
    const old = join(folder.path, 'old');
    await mkdir(old);
    await Promise.all(['client.crt', 'client.key'].map((name) => copyFile(file(name), join(old, name))));
    for (const step of [['ca', '--reload'], ['client'], ['server']]) {
      const rotated = await certs('rotate', ...step);
      expect([step, rotated.code, rotated.stderr]).toEqual([step, 0, '']);
    }
    // The server was not reloaded: it still shows what the old authority signed.
    const trusted = await readFile(file('ca.crt'), 'utf8');
    expect(await certs('rotate', 'ca', '--finish', '--reload')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('nobody would reach the server, and nothing is changed'),
    });
    expect(await readFile(file('ca.crt'), 'utf8')).toBe(trusted);
    for (const step of [['server'], ['ca', '--finish']]) {
      const rotated = await certs('rotate', ...step, '--reload');
      expect([step, rotated.code, rotated.stderr]).toEqual([step, 0, '']);
    }
    const stale = dsn.replaceAll(`${database.certificates}/client`, `${old}/client`);
    await expect(run('psql', [stale, '-Xwc', 'select 1'])).rejects.toThrow(/unknown ca|certificate/);
    await until(async () => (await login()) === 401);
    const shown = await certs('status', '--json');
    expect(shown.code).toBe(0);
    const rows = (JSON.parse(shown.stdout) as { certificates: { name: string; fingerprint: string }[] })
      .certificates;
    const fingerprints = new Map(rows.map(({ name, fingerprint }) => [name, fingerprint]));
    expect(fingerprints.get('live server')).toBe(fingerprints.get('server'));
  });
});
