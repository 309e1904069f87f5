import { copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { certificateFolder, fileNames, openssl } from './certificate-folder.ts';

const { inFolder, use, file, certs, contents, verify } = certificateFolder();

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

    const half = inFolder('half');
    await mkdir(half);
    use(half);
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
      const plain = inFolder('plain');
      await mkdir(plain);
      await Promise.all(fileNames.map((name) => copyFile(file(name), join(plain, name))));
      use(plain);
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

  test.each([
    ['--server-name', 'a.example,DNS:*', 'It must be a host name or an address.'],
    ['--client-role', 'a/CN=b', 'It must be of letters, digits and any of "._@:*-", at most 64.'],
  ])('takes no %s that could say more than a name', async (option, name, words) => {
    const refused = await certs('generate', option, name);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(refused.stderr).toContain(`'${name}'`);
  });
});
