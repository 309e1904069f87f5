import { beforeEach, describe, expect, test } from 'vitest';
import { certificateFolder, openssl } from './certificate-folder.ts';

const { inFolder, file, certs, contents } = certificateFolder();

/** Puts a certificate of others in the place of one that is there. */
const replace = (which: string, ...options: string[]): Promise<string> =>
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '9'],
    ...['-keyout', inFolder('their.key'), '-out', file(`${which}.crt`), ...options],
  );
const facts = (which: string): Promise<string> =>
  openssl('x509', '-in', file(`${which}.crt`), '-noout', '-subject', '-ext', 'subjectAltName');
const alternatives = 'subjectAltName=DNS:*.db.example.com,DNS:db.example.com,IP:10.0.0.7';

describe('a server whose certificate has no name but those of its hosts', () => {
  beforeEach(async () => {
    await certs('generate');
    await replace('server', '-subj', '/', '-addext', alternatives);
  });

  test.each([
    ['rotate', ['rotate', 'server'], 'CN = *.db.example.com'],
    ['generate --force', ['generate', '--force'], 'CN = *.db.example.com'],
  ])('keeps them in certs %s, and is named after the first', async (_, args, subject) => {
    const done = await certs(...args);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toMatch(/ before .* no subject; serial .*DNS:\*\.db\.example\.com/);
    const made = await facts('server');
    for (const words of [subject, 'DNS:*.db.example.com', 'DNS:db.example.com', 'IP Address:10.0.0.7']) {
      expect(made).toContain(words);
    }
  });
});

test('a server whose only name is too long to be one, and a client without a name, are told and left', async () => {
  await certs('generate');
  const long = Array.from({ length: 8 }, () => 'database').join('.');
  await replace('server', '-subj', '/', '-addext', `subjectAltName=DNS:${long}`);
  await replace('client', '-subj', '/O=Example');
  const before = await contents();
  for (const [args, words] of [
    [['rotate', 'server'], 'server.crt has neither a name (CN) nor'],
    [['rotate', 'client'], 'client.crt has no name (CN)'],
    [['generate', '--force'], '--client-role'],
  ] as const) {
    const refused = await certs(...args);
    expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining(words)]);
  }
  expect(await contents()).toEqual(before);
});
