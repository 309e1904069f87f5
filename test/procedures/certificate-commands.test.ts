import { chmod, copyFile, lstat, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { issueAuthority, issueLeaf } from '../../src/operations/certificates/issue.ts';
import { brownie, temporaryFolder } from '../acceptance/service-process.ts';
import { certificateFolder, fileNames, openssl, settings } from './certificate-folder.ts';

const { inFolder, use, file, certs, contents, verify } = certificateFolder();

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
    expect(rows[1]).toMatchObject({ days_left: Number(days) - 1, subject: 'CN=brownie_service' });
  });

  test('ends with 1 where one has ended', async () => {
    await certs('generate');
    const ended = await issueLeaf({ ...(await leafOf()), days: -1 });
    await writeFile(file('client.crt'), ended.certificate);
    const shown = await certs('status');
    expect([shown.code, shown.stdout]).toMatchObject([1, expect.stringContaining('ended on')]);
  });

  test('where none is in use says so, and how to have some', async () => {
    await using empty = await temporaryFolder();
    for (const options of [[], ['--directory', empty.path]]) {
      const shown = await brownie(['certs', 'status', ...options], settings, empty.path);
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      expect(shown.stdout).toMatch(/^No certificate is in use: .*\n`brownie certs generate` makes/);
      const json = await brownie(['certs', 'status', '--json', ...options], settings, empty.path);
      expect([json.code, JSON.parse(json.stdout)]).toEqual([
        0,
        { certificates: [], findings: [], login: null },
      ]);
    }
  });

  test('of a folder that is not there, or none, is an error', async () => {
    for (const path of [inFolder('dev-certs'), process.execPath]) {
      use(path);
      const shown = await certs('status');
      expect([shown.code, shown.stdout]).toEqual([1, '']);
      expect(shown.stderr).toContain(`${path} is not there, or no folder`);
    }
  });

  test('shows that of the service, too', async () => {
    await certs('generate', '--days', '20');
    const https = { METADATA_TLS_CERT_FILE: file('server.crt'), METADATA_TLS_KEY_FILE: file('server.key') };
    await using elsewhere = await temporaryFolder();
    const shown = await brownie(['certs', 'status'], { ...settings, ...https }, elsewhere.path);
    expect(shown.code).toBe(3);
    expect(shown.stdout).toMatch(/^https +CN=localhost/m);
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

  test('leaves a key to the group that may read it, and to nobody else', async () => {
    // What root replaces: PostgreSQL and the service read it as users of their own.
    for (const [before, after] of [
      [0o640, process.getuid?.() === 0 ? 0o640 : 0o600],
      [0o644, process.getuid?.() === 0 ? 0o640 : 0o600],
      [0o600, 0o600],
    ] as const) {
      await chmod(file('client.key'), before);
      expect((await certs('rotate', 'client')).code).toBe(0);
      expect((await stat(file('client.key'))).mode & 0o777).toBe(after);
    }
  });

  test('with --dry-run changes nothing', async () => {
    const before = await contents();
    for (const what of ['client', 'server', 'ca']) {
      expect(await certs('rotate', what, '--dry-run')).toMatchObject({ code: 0, stderr: '' });
    }
    expect(await contents()).toEqual(before);
  });

  test.each([
    ['client', '--finish'],
    ['server', '--certificate', 'new.crt'],
    ['client', '--key', 'new.key'],
  ])('takes no options that do not go together: %s %s', async (what, ...options) => {
    const before = await contents();
    const refused = await certs('rotate', what, ...options);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/^error: .*\n.*see brownie certs rotate --help/);
    expect(await contents()).toEqual(before);
  });

  test('with --reload asks for the login that reloads before it changes anything', async () => {
    const before = await contents();
    for (const command of [['rotate', 'server'], ['rotate', 'ca'], ['rollback']]) {
      const refused = await certs(...command, '--reload');
      expect([refused.code, refused.stdout]).toEqual([4, '']);
      expect(refused.stderr).toContain('--reload needs METADATA_POSTGRES_MIGRATION_DSN');
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
    const [certificate, key] = [inFolder('new.crt'), inFolder('new.key')];
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
    const plain = inFolder('plain');
    await mkdir(plain);
    await Promise.all(fileNames.map((name) => copyFile(file(name), join(plain, name))));
    use(plain);
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
