import { execFile } from 'node:child_process';
import { chmod, copyFile, lstat, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
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

  test('leaves what is there, and refuses half of it', async () => {
    await certs('generate');
    const before = await contents();
    const again = await certs('generate', '--json');
    expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { is_new: false, before: [] }]);
    expect(await contents()).toEqual(before);

    certificates = join(folder.path, 'half');
    await mkdir(certificates);
    await writeFile(file('ca.crt'), before[0] ?? '');
    expect(await certs('generate')).toMatchObject({ code: 4, stderr: expect.stringContaining('--force') });
  });

  describe('where certificates of certain names are', () => {
    const theirs = ['--client-role', 'brownie_other', '--server-name', 'db.example.com', 'fd00::7'];
    let before: string[];
    beforeEach(async () => {
      await certs('generate', ...theirs);
      before = await contents();
    });

    test.each([
      [[]],
      [theirs],
      [['--server-name', 'DB.example.com', 'fd00:0:0:0:0:0:0:7', 'localhost']],
      [['--client-role', 'brownie_other']],
    ])('leaves them to who asks for %j', async (asked) => {
      const again = await certs('generate', ...asked);
      expect([again.code, again.stdout]).toMatchObject([0, expect.stringContaining('are there already')]);
      expect(await contents()).toEqual(before);
    });

    test.each([
      [['--client-role', 'brownie_service'], 'not of the client brownie_service. '],
      [['--server-name', 'db.example.com', 'db2.example.com'], 'not of the server db2.example.com. '],
      [['--client-role', 'a', '--server-name', 'b'], 'not of the client a and the server b. '],
    ])('refuses %j, and says which are there and what to do', async (asked, words) => {
      for (const extra of [[], ['--dry-run']]) {
        const refused = await certs('generate', ...asked, ...extra);
        expect([refused.code, refused.stdout]).toEqual([4, '']);
        expect(refused.stderr).toContain(words);
        expect(refused.stderr).toContain(
          'the client brownie_other and the server localhost, 127.0.0.1, ::1, db.example.com, fd00::7',
        );
        expect(refused.stderr).toMatch(/nothing is changed.*--directory.*--force/s);
      }
      expect(await contents()).toEqual(before);
    });

    test('with --force keeps their names, says that the authority is another, and the way back', async () => {
      const tried = await certs('generate', '--force', '--dry-run');
      expect([tried.code, await contents()]).toEqual([0, before]);
      expect(tried.stdout).toMatch(/^Nothing is changed/);
      expect(tried.stdout).toContain('The authority (CA) would be replaced');
      const forced = await certs('generate', '--force', '--json');
      const { before: old, certificates: next, ...rest } = JSON.parse(forced.stdout);
      expect([forced.code, rest]).toMatchObject([0, { is_new: true, is_dry_run: false }]);
      expect(rest.next).toMatch(/The authority \(CA\) is replaced: .* must be given the new .*ca\.crt/);
      expect(rest.next).toContain('`brownie certs rollback` brings them back');
      const named = (rows: Record<string, string>[]) => rows.map(({ name, names }) => [name, names]);
      expect(named(next)).toEqual(named(old));
      expect([next[1].subject, next[2].subject]).toEqual(['CN=db.example.com', 'CN=brownie_other']);
      expect(new Set([...before, ...(await contents())]).size).toBe(12);
      expect(await verify()).toContain('client.crt: OK');
      expect((await certs('rollback')).code).toBe(0);
      expect(await contents()).toEqual(before);
    });

    test('with --force takes those that are given, and keeps plain files for the way back', async () => {
      const plain = join(folder.path, 'plain');
      await mkdir(plain);
      await Promise.all(fileNames.map((name) => copyFile(file(name), join(plain, name))));
      certificates = plain;
      expect((await certs('generate', '--force', '--client-role', 'brownie_service')).code).toBe(0);
      const subjects = await Promise.all(
        ['client', 'server'].map((name) => openssl('x509', '-in', file(`${name}.crt`), '-noout', '-subject')),
      );
      expect(subjects.map((line) => line.trim())).toEqual([
        'subject=CN = brownie_service',
        'subject=CN = db.example.com',
      ]);
      expect((await certs('rollback')).code).toBe(0);
      expect(await contents()).toEqual(before);
    });

    test('does not guess the name of a file that is no certificate', async () => {
      await writeFile(file('client.crt'), 'rubbish');
      const refused = await certs('generate', '--force');
      expect([refused.code, refused.stderr]).toMatchObject([4, expect.stringContaining('--client-role')]);
      const forced = await certs('generate', '--force', '--client-role', 'brownie_other');
      expect(forced).toMatchObject({ code: 0, stdout: expect.stringContaining('is replaced') });
      expect(await verify()).toContain('client.crt: OK');
    });
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
      expect([json.code, JSON.parse(json.stdout)]).toEqual([0, { certificates: [], findings: [] }]);
    }
  });

  test('of a folder that is not there, or none, is an error', async () => {
    for (const path of [certificates, process.execPath]) {
      certificates = path;
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
