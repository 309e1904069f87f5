import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dictionary } from '@zxcvbn-ts/language-common';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../errors/api-error.ts';
import { PasswordPolicy } from './password-policy.ts';

const policy = new PasswordPolicy({ minLength: 15, blocklist: true });
const tooShort = 'must have at least 15 characters; a few words in a row make a good one';
const mostUsed = 'is one of the most used passwords; choose another';
const repetition = 'is a repetition or a row of keys; choose another';
const ownName = 'is made of your name, address or organization; choose another';

/** Why a password is refused; undefined where it is taken. */
function reasonOf(password: string, personal: readonly string[] = [], by = policy): string | undefined {
  try {
    by.check(password, personal);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) {
      expect(error).toMatchObject({ code: 'request.invalid', status: 422 });
      const [fault] = error.faults;
      expect(error.faults).toEqual([{ pointer: '/password', message: fault?.message }]);
      expect(error.message).toBe(`The password ${fault?.message}`);
      return fault?.message;
    }
    throw error;
  }
}

describe('length', () => {
  test.each([
    ['14 characters', 'Tr0ub4dor&3-wmx', -1, tooShort],
    ['15 characters', 'Tr0ub4dor&3-wmx', 0, undefined],
  ])('%s', (_, password, cut, reason) => {
    expect(reasonOf(cut === 0 ? password : password.slice(0, cut))).toBe(reason);
  });

  test('counts code points, not UTF-16 units', () => {
    const animals = [...'🐙🦊🐝🦉🐳🦄🐢🦋🐌🦂🐊🦍🐘🦒🦘'];
    expect(animals).toHaveLength(15);
    expect(reasonOf(animals.join(''))).toBeUndefined();
    expect(reasonOf(animals.slice(1).join(''))).toBe(tooShort);
  });

  test('counts what looks like one character as one: NFC', () => {
    const composed = 'é'.normalize('NFC');
    const decomposed = 'é'.normalize('NFD');
    expect([composed.length, decomposed.length]).toEqual([1, 2]);
    expect(reasonOf(`caf${decomposed} liégeois`)).toBe(tooShort);
    expect(reasonOf(`caf${decomposed} liégeois!!`)).toBeUndefined();
  });

  test('is at most 1,024 bytes, however many characters these are', () => {
    const longest = `${'four words of ascii; '.repeat(48)}eleven more éé`;
    expect(longest.length).toBeLessThan(1_024);
    expect(Buffer.byteLength(longest)).toBe(1_024);
    expect(reasonOf(longest)).toBeUndefined();
    expect(reasonOf(`${longest}!`)).toBe('must have at most 1024 bytes');
  });
});

describe('the blocklist', () => {
  test.each([
    ['a most used password', 'qwerty123456789', mostUsed],
    ['a most used password in another case', 'PasswordPassword', mostUsed],
    ['one character over and over', 'aaaaaaaaaaaaaaa', repetition],
    ['a part over and over', 'abcabcabcabcabcxyz', repetition],
    ['a short password twice', 'iloveyou!iloveyou!1', repetition],
    ['a part over and over, in another script', '日本語日本語日本語日本語日本語', repetition],
    ['the alphabet', 'abcdefghijklmno', repetition],
    ['the alphabet backwards', 'zyxwvutsrqponml', repetition],
    ['rows of keys', 'qwertyuiopasdfghjkl', repetition],
    ['counting', '012345678901234', repetition],
  ])('refuses %s', (_, password, reason) => {
    expect(reasonOf(password)).toBe(reason);
  });

  test.each([
    ['the product', 'Brownie-20260101', []],
    ['the address', 'grace.hopper@example.com', ['grace.hopper@example.com']],
    ['the name in the address, twice', 'grace1906grace1906-grace', ['grace@example.com']],
    ['words of the address', 'Hopper Grace Hopper 1', ['grace.hopper@example.com']],
    ['the username with digits', 'rear_admiral_00001', ['rear_admiral']],
    ['the organization and the product', 'AcmeOps-Brownie-2026!', ['Acme Ops']],
    ['a name in another script', 'Ρέα Κάππα 2026 2026 Ρέα', ['Ρέα Κάππα']],
  ])('refuses what is made of %s', (_, password, personal) => {
    expect(reasonOf(password, personal)).toBe(ownName);
  });

  test.each([
    ['a passphrase', 'correct horse battery staple', []],
    ['a passphrase that names its owner among other words', 'grace sails a blue boat', ['grace@example.com']],
    ['a phrase in another script that names its owner', 'ops это очень длинная фраза', ['ops']],
    ['digits alone that are no row', '271828182845904523536', ['ada@example.com']],
    ['a name too short to count', 'io io jo io 1 2 3 4', ['io']],
  ])('takes %s', (_, password, personal) => {
    expect(reasonOf(password, personal)).toBeUndefined();
  });
});

test('the widely known ones are those of the package that they come from', () => {
  const file = join(import.meta.dirname, 'known-passwords.txt');
  const words = dictionary['passwords-common'].filter((word) => word.length >= 8);
  expect(readFileSync(file, 'utf8')).toBe(`${words.join('\n')}\n`);
});

describe('the v1 profile', () => {
  const v1 = new PasswordPolicy({ minLength: 8, blocklist: false });

  test('takes any 8 characters, and no 7', () => {
    expect(reasonOf('password', ['password@example.com'], v1)).toBeUndefined();
    expect(reasonOf('passwor', [], v1)).toBe(tooShort.replace('15', '8'));
  });

  test('keeps the limit on bytes', () => {
    expect(reasonOf('é'.repeat(513), [], v1)).toBe('must have at most 1024 bytes');
  });
});

test.each(['password1234567', '1234567password', '!!!!password2026', 'Password_1234567'])(
  '%s is a widely known password with digits around it, and refused',
  (password) => expect(reasonOf(password)).toBe(mostUsed),
);

test('digits after words that nobody uses for a password are no fault', () => {
  expect(reasonOf('nineteen turnips 1234567')).toBeUndefined();
});
