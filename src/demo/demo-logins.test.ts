import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PasswordPolicy } from '../platform/auth/password-policy.ts';
import { demoLogins, keepPassword, keptPassword, newPassword, passwordFileIn } from './demo-logins.ts';

test('a new password is random and good enough for the service itself', () => {
  const passwords = Array.from({ length: 100 }, newPassword);
  expect(new Set(passwords).size).toBe(100);
  const policy = new PasswordPolicy({ minLength: 15, blocklist: true });
  for (const password of passwords) {
    expect(password).toMatch(/^([a-z2-9]{4}-){4}[a-z2-9]{4}$/);
    policy.check(password, ['maya.okafor@demo.example']);
  }
});

test('there is one login for each role', () => {
  expect(demoLogins.map(({ role }) => role)).toEqual([
    'owner',
    'organization admin',
    'team admin',
    'member',
    'viewer',
  ]);
});

test('a password is kept for its owner alone; a missing or damaged file holds none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'demo-logins-'));
  const file = passwordFileIn(folder) ?? '';
  expect(await keptPassword(file)).toBeUndefined();
  await keepPassword(file, 'the-password');
  expect(await keptPassword(file)).toBe('the-password');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeFile(file, '{"password": 1');
  expect(await keptPassword(file)).toBeUndefined();
  await keepPassword(null, 'not kept');
  expect(await keptPassword(null)).toBeUndefined();
  await rm(folder, { recursive: true });
});
