import { execFile } from 'node:child_process';
import { copyFile, lstat, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { issueAuthority, issueLeaf } from '../../src/operations/certificates/issue.ts';
import { brownie, temporaryFolder } from '../acceptance/service-process.ts';

const run = promisify(execFile);
const fileNames = ['ca.crt', 'ca.key', 'client.crt', 'client.key', 'server.crt', 'server.key'];
const settings = { METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM' };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let certificates: string;
const certs = (...args: string[]) => brownie(['certs', ...args, '--directory', certificates], settings);
const file = (name: string): string => join(certificates, name);
const contents = () => Promise.all(fileNames.map((name) => readFile(file(name), 'utf8')));
const openssl = async (...args: string[]): Promise<string> => (await run('openssl', args)).stdout;
const verify = async (): Promise<string> =>
  await openssl('verify', '-CAfile', file('ca.crt'), file('client.crt'), file('server.crt'));

beforeEach(async () => {
  folder = await temporaryFolder();
  certificates = join(folder.path, 'dev-certs');
});
afterEach(() => folder[Symbol.asyncDispose]());

describe('certs generate', () => {
  test('makes files that openssl accepts, keys for their owner alone, and says none of them', async () => {
    const made = await certs('generate', '--client-role', 'brownie_other', '--server-name', 'db.example.com');
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).not.toContain('PRIVATE');
    for (const name of fileNames) {
      expect([name, (await stat(file(name))).mode & 0o777]).toEqual([
        name,
        name.endsWith('.key') ? 0o600 : 0o644,
      ]);
    }
    expect(await verify()).toBe(`${file('client.crt')}: OK\n${file('server.crt')}: OK\n`);
    const names = await openssl('x509', '-in', file('server.crt'), '-noout', '-ext', 'subjectAltName');
    for (const name of ['localhost', '127.0.0.1', '0:0:0:0:0:0:0:1', 'db.example.com']) {
      expect(names).toContain(name);
    }
    expect(await openssl('x509', '-in', file('client.crt'), '-noout', '-subject')).toContain('brownie_other');
  });

  test('leaves what is there, refuses half of it, and replaces it when told to', async () => {
    await certs('generate');
    const before = await contents();
    const again = await certs('generate', '--json');
    expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { isNew: false }]);
    expect(await contents()).toEqual(before);
    const forced = await certs('generate', '--force');
    expect(forced.code).toBe(0);
    expect(new Set([...before, ...(await contents())]).size).toBe(12);

    certificates = join(folder.path, 'half');
    await mkdir(certificates);
    await writeFile(file('ca.crt'), before[0] ?? '');
    expect(await certs('generate')).toMatchObject({ code: 4, stderr: expect.stringContaining('--force') });
  });

  test('takes no name that could say more than a name', async () => {
    const refused = await certs('generate', '--server-name', 'a.example,DNS:*');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      '"a.example,DNS:*" is neither a host name nor an address\n',
    ]);
  });
});

describe('certs status', () => {
  test.each([
    ['90', 0],
    ['20', 3],
  ])('of certificates for %s days ends with %i', async (days, code) => {
    await certs('generate', '--days', days);
    const shown = await certs('status', '--json');
    expect(shown.code).toBe(code);
    const { certificates: rows } = JSON.parse(shown.stdout) as { certificates: Record<string, unknown>[] };
    expect(rows.map(({ name }) => name)).toEqual(['ca', 'client', 'server']);
    const serial = await openssl('x509', '-in', file('client.crt'), '-noout', '-serial');
    expect(serial.trim()).toBe(`serial=${rows[1]?.['serial']}`);
    expect(rows[1]).toMatchObject({ daysLeft: Number(days) - 1, subject: 'CN=brownie_service' });
  });

  test('ends with 1 where one has ended', async () => {
    await certs('generate');
    const ended = await issueLeaf({ ...(await leafOf()), days: -1 });
    await writeFile(file('client.crt'), ended.certificate);
    const shown = await certs('status');
    expect([shown.code, shown.stdout]).toMatchObject([1, expect.stringContaining('ended on')]);
  });

  test('where there is none says how to have some', async () => {
    const shown = await certs('status');
    expect([shown.code, shown.stderr]).toMatchObject([1, expect.stringContaining('brownie certs generate')]);
  });
});

/** What the authority in the folder can sign. */
async function leafOf() {
  const authority = {
    certificate: await readFile(file('ca.crt'), 'utf8'),
    key: await readFile(file('ca.key'), 'utf8'),
  };
  return { authority, purpose: 'client' as const, commonName: 'brownie_service', names: [] };
}

describe('certs rotate', () => {
  beforeEach(async () => {
    await certs('generate');
  });

  test.each(['client', 'server'] as const)(
    '%s replaces that pair alone, by one of the same names',
    async (what) => {
      const before = await contents();
      const rotated = await certs('rotate', what, '--json');
      expect([rotated.code, rotated.stderr]).toEqual([0, '']);
      const {
        before: [old],
        after: [next],
      } = JSON.parse(rotated.stdout);
      expect([next.subject, next.names]).toEqual([old.subject, old.names]);
      expect(next.serial).not.toBe(old.serial);
      const after = await contents();
      const changed = fileNames.filter((_name, index) => before[index] !== after[index]);
      expect(changed).toEqual([`${what}.crt`, `${what}.key`]);
      expect(await verify()).toContain('client.crt: OK');
      expect((await stat(file(`${what}.key`))).mode & 0o777).toBe(0o600);
    },
  );

  test('with --dry-run changes nothing', async () => {
    const before = await contents();
    for (const what of ['client', 'server', 'ca']) {
      expect(await certs('rotate', what, '--dry-run')).toMatchObject({ code: 0, stderr: '' });
    }
    expect(await contents()).toEqual(before);
  });

  test('refuses each pair that is not sound, and keeps what is there', async () => {
    const leaf = await leafOf();
    const [good, other, ended, server, stranger] = await Promise.all([
      issueLeaf({ ...leaf, days: 90 }),
      issueLeaf({ ...leaf, days: 90 }),
      issueLeaf({ ...leaf, days: -1 }),
      issueLeaf({ ...leaf, purpose: 'server', days: 90 }),
      issueLeaf({ ...leaf, authority: await issueAuthority(), days: 90 }),
    ]);
    const before = await contents();
    const offers = [
      [{ ...good, key: other.key }, 'the key does not belong to the certificate'],
      [ended, 'the certificate ended on'],
      [server, 'not made for a client'],
      [stranger, 'signed by none of the authorities'],
      [{ ...good, certificate: 'garbage' }, 'the certificate is not one in PEM form'],
      [{ ...good, key: good.certificate }, 'the key is not a private key'],
    ] as const;
    const [certificate, key] = [join(folder.path, 'new.crt'), join(folder.path, 'new.key')];
    for (const [offer, words] of offers) {
      await writeFile(certificate, offer.certificate);
      await writeFile(key, offer.key);
      const refused = await certs('rotate', 'client', '--certificate', certificate, '--key', key);
      expect([refused.code, refused.stderr]).toMatchObject([4, expect.stringContaining(words)]);
      expect(refused.stderr).toContain('nothing is changed');
    }
    expect(await contents()).toEqual(before);
    await writeFile(certificate, good.certificate);
    await writeFile(key, good.key);
    expect((await certs('rotate', 'client', '--certificate', certificate, '--key', key)).code).toBe(0);
    expect(await readFile(file('client.crt'), 'utf8')).toBe(good.certificate);
  });

  test('ca goes step by step, and drops the old one only when nothing needs it', async () => {
    const old = await readFile(file('ca.crt'), 'utf8');
    expect((await certs('rotate', 'ca')).code).toBe(0);
    expect(await readFile(file('ca.crt'), 'utf8')).toContain(old.trim());
    expect(await verify()).toContain('client.crt: OK');
    expect((await certs('rotate', 'ca')).code).toBe(4);
    for (const what of ['client', 'server']) {
      const early = await certs('rotate', 'ca', '--finish');
      expect([early.code, early.stderr]).toMatchObject([4, expect.stringContaining(`certs rotate ${what}`)]);
      expect((await certs('rotate', what)).code).toBe(0);
    }
    expect((await certs('rotate', 'ca', '--finish')).code).toBe(0);
    expect(await readFile(file('ca.crt'), 'utf8')).not.toContain(old.trim());
    expect(await verify()).toContain('server.crt: OK');
  });

  test('takes over a folder of plain files without changing what they hold', async () => {
    const plain = join(folder.path, 'plain');
    await mkdir(plain);
    await Promise.all(fileNames.map((name) => copyFile(file(name), join(plain, name))));
    certificates = plain;
    const before = await contents();
    expect((await certs('rotate', 'server')).code).toBe(0);
    expect((await lstat(file('ca.crt'))).isSymbolicLink()).toBe(true);
    expect((await contents()).slice(0, 4)).toEqual(before.slice(0, 4));
    expect((await certs('rollback')).code).toBe(0);
    expect(await contents()).toEqual(before);
  });
});

describe('certs rollback', () => {
  test('brings back all files of before, once for each change, and then refuses', async () => {
    await certs('generate');
    const first = await contents();
    await certs('rotate', 'client');
    const second = await contents();
    await certs('rotate', 'server');
    for (const expected of [second, first]) {
      expect((await certs('rollback')).code).toBe(0);
      expect(await contents()).toEqual(expected);
    }
    expect(await certs('rollback')).toMatchObject({ code: 4, stderr: expect.stringContaining('go back to') });
  });
});
