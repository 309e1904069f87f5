import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempDisposableSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DamagedSecretError, keepJwtSecret, keptJwtSecret, newJwtSecret, weakness } from './jwt-secret.ts';

function temporaryFolder() {
  return mkdtempDisposableSync(join(tmpdir(), 'brownie-jwt-secret-'));
}

describe('newJwtSecret', () => {
  it('is long enough for HS512, and new each time', () => {
    expect(newJwtSecret()).toMatch(/^[\w-]{64}$/);
    expect(newJwtSecret()).not.toBe(newJwtSecret());
  });
});

describe('keptJwtSecret', () => {
  it('finds none where none was made, and makes nothing', () => {
    using folder = temporaryFolder();
    expect(keptJwtSecret(join(folder.path, 'data'))).toBeUndefined();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('finds the one that was made, and leaves the file as it is', () => {
    using folder = temporaryFolder();
    const secret = keepJwtSecret(folder.path);
    chmodSync(join(folder.path, 'jwt-secret'), 0o640);
    expect(keptJwtSecret(folder.path)).toBe(secret);
    expect(statSync(join(folder.path, 'jwt-secret')).mode & 0o777).toBe(0o640);
  });

  it('refuses a file that holds no secret', () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'jwt-secret'), 'cut');
    expect(() => keptJwtSecret(folder.path)).toThrow(DamagedSecretError);
  });
});

describe('keepJwtSecret', () => {
  it('makes the secret once, in a file of its owner alone, and leaves nothing else', () => {
    using folder = temporaryFolder();
    const data = join(folder.path, 'deep', 'data');
    const secret = keepJwtSecret(data);
    expect(keepJwtSecret(data)).toBe(secret);
    expect(readdirSync(data)).toEqual(['jwt-secret']);
    expect(statSync(join(data, 'jwt-secret')).mode & 0o777).toBe(0o600);
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(data, 'jwt-secret'), 'utf8')).toBe(`${secret}\n`);
  });

  it('takes back rights that others have been given', () => {
    using folder = temporaryFolder();
    keepJwtSecret(folder.path);
    chmodSync(join(folder.path, 'jwt-secret'), 0o644);
    keepJwtSecret(folder.path);
    expect(statSync(join(folder.path, 'jwt-secret')).mode & 0o777).toBe(0o600);
  });

  it('refuses a file that holds no secret, and leaves it alone', () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'jwt-secret'), 'cut');
    expect(() => keepJwtSecret(folder.path)).toThrow(DamagedSecretError);
    expect(readFileSync(join(folder.path, 'jwt-secret'), 'utf8')).toBe('cut');
  });

  it('throws the system error where the folder cannot be used', () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'file'), '');
    expect(() => keepJwtSecret(join(folder.path, 'file'))).toThrow(/ENOTDIR|EEXIST/);
    mkdirSync(join(folder.path, 'jwt-secret'));
    expect(() => keepJwtSecret(folder.path)).toThrow(/EISDIR/);
  });

  it('gives processes that start together the same secret', async () => {
    using folder = temporaryFolder();
    const module = import.meta.resolve('./jwt-secret.ts');
    const script = `import { keepJwtSecret } from ${JSON.stringify(module)}; process.stdout.write(keepJwtSecret(process.argv[1]));`;
    const secrets = await Promise.all(
      Array.from({ length: 4 }, () =>
        outputOf(['--input-type=module', '-e', script, join(folder.path, 'data')]),
      ),
    );
    expect(new Set(secrets)).toEqual(new Set([keepJwtSecret(join(folder.path, 'data'))]));
  });
});

const guessable = 'is a known example or can be guessed';

describe('weakness', () => {
  it('wants 32 characters, counted as people count them', () => {
    const secret = randomBytes(32).toString('base64');
    expect(weakness(secret.slice(0, 31))).toBe('has 31 characters and needs at least 32');
    expect(weakness(secret.slice(0, 32))).toBeUndefined();
    expect(weakness('🔑'.repeat(31))).toBe('has 31 characters and needs at least 32');
  });

  it.each([
    'your-secret-key-change-in-production',
    'your-super-secret-jwt-token-with-at-least-32-characters-long',
    'a-string-secret-at-least-256-bits-long',
    'change-me-please-this-is-not-secure-1234',
    'CHANGE_THIS_TO_A_RANDOM_SECRET_KEY_IN_PRODUCTION',
    'brownie-metadata-development-secret-0001',
    'REPLACE_WITH_OUTPUT_OF_OPENSSL_RAND',
    'passwordpasswordpasswordpassword1',
    'qwertyuiopasdfghjklzxcvbnm1234567890',
    'abcdefghijklmnopqrstuvwxyz0123456789',
    '0123456789abcdef0123456789abcdef',
    '9876543210zyxwvutsrqponmlkjihgfedcba',
    'a'.repeat(64),
    'ab'.repeat(32),
    'k7Qz!x9Wp2Lm'.repeat(4),
    'k7Qz!x9Wp2Lm'.repeat(4).slice(0, 41),
    '-'.repeat(32),
  ])('refuses %s', (secret) => {
    expect(weakness(secret)).toBe(guessable);
  });

  it('accepts random secrets in every usual spelling, behind a word too', () => {
    for (let round = 0; round < 1000; round += 1) {
      expect(weakness(randomBytes(32).toString('base64'))).toBeUndefined();
      expect(weakness(randomBytes(16).toString('hex'))).toBeUndefined();
      expect(weakness(randomBytes(24).toString('base64url'))).toBeUndefined();
      expect(weakness(randomUUID())).toBeUndefined();
      expect(weakness(`brownie-prod-secret-${randomBytes(32).toString('base64')}`)).toBeUndefined();
    }
  });
});

async function outputOf(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
  }
  return output;
}
