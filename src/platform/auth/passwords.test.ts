import { setImmediate } from 'node:timers/promises';
import argon2 from '@node-rs/argon2';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '../errors/api-error.ts';
import { Passwords } from './passwords.ts';

beforeEach(() => void vi.spyOn(argon2, 'verify'));
afterEach(() => void vi.restoreAllMocks());

describe('a password hash', () => {
  test('is Argon2id with 19 MiB, two passes and one lane', async () => {
    expect(await new Passwords().hash('correct horse battery')).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
  });

  test('is another one each time', async () => {
    const passwords = new Passwords();
    const [first, second] = await Promise.all([
      passwords.hash('the same words'),
      passwords.hash('the same words'),
    ]);
    expect(first).not.toBe(second);
  });

  test('verifies its own password, in whatever Unicode form, and no other', async () => {
    const passwords = new Passwords();
    const hash = await passwords.hash('café au lait'.normalize('NFC'));
    expect(await passwords.verify('café au lait'.normalize('NFD'), hash)).toBe(true);
    expect(await passwords.verify('cafe au lait', hash)).toBe(false);
    expect(await passwords.verify('Café au lait', hash)).toBe(false);
  });
});

describe('the parameters', () => {
  const heavier = { memoryKib: 12_288, iterations: 3, parallelism: 2 };

  test('are those that are configured, for the password that is compared with where there is none, too', async () => {
    const passwords = new Passwords({ cost: heavier });
    expect(await passwords.hash('correct horse battery')).toMatch(/^\$argon2id\$v=19\$m=12288,t=3,p=2\$/);
    await passwords.verify('wrong', null);
    expect(vi.mocked(argon2.verify).mock.calls[0]?.[0]).toMatch(/^\$argon2id\$v=19\$m=12288,t=3,p=2\$/);
  });

  test('of an earlier hash may be others: it verifies as ever, and is told apart', async () => {
    const [before, now] = [new Passwords(), new Passwords({ cost: heavier })];
    const hash = await before.hash('correct horse battery');
    expect(await now.verify('correct horse battery', hash)).toBe(true);
    expect(await now.verify('wrong horse battery', hash)).toBe(false);
    expect([before.isCurrent(hash), now.isCurrent(hash)]).toEqual([true, false]);
  });
});

describe('where there is no hash', () => {
  test.each([null, undefined])(
    '(%s) nothing is right, not even the password that is compared with',
    async (none) => {
      const passwords = new Passwords();
      expect(await passwords.verify('no account has this password', none)).toBe(false);
    },
  );

  test('the work is the same: one verification of a hash with the same parameters', async () => {
    const passwords = new Passwords();
    const hash = await passwords.hash('correct horse battery');
    await passwords.verify('wrong', hash);
    await passwords.verify('wrong', null);
    const parametersOf = ([compared]: Parameters<typeof argon2.verify>) =>
      String(compared).split('$').slice(0, 4);
    const [known, unknown, ...more] = vi.mocked(argon2.verify).mock.calls;
    expect(more).toEqual([]);
    expect(known && parametersOf(known)).toEqual(unknown && parametersOf(unknown));
  });
});

describe('a storm of logins', () => {
  test('runs two at once, keeps 50 waiting and answers 503 past that', async () => {
    const observer = { onBegun: vi.fn(), onRefused: vi.fn() };
    const passwords = new Passwords({ observer });
    const running: (() => void)[] = [];
    vi.mocked(argon2.verify).mockImplementation(
      () => new Promise((resolve) => running.push(() => resolve(true))),
    );
    const attempts = Array.from({ length: 52 }, () => passwords.verify('storm', 'hash'));
    const refusal = await passwords.verify('storm', 'hash').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ApiError);
    expect(refusal).toMatchObject({
      code: 'service.overloaded',
      status: 503,
      headers: { 'retry-after': '2' },
    });

    expect([passwords.queue.running, passwords.queue.waiting]).toEqual([2, 50]);
    expect([observer.onBegun.mock.calls.length, observer.onRefused.mock.calls.length]).toEqual([2, 1]);

    let most = 0;
    while (running.length > 0) {
      most = Math.max(most, running.length);
      running.shift()?.();
      await setImmediate();
    }
    expect(await Promise.all(attempts)).toEqual(attempts.map(() => true));
    expect(most).toBe(2);
    expect([passwords.queue.running, passwords.queue.waiting]).toEqual([0, 0]);
    expect(observer.onBegun).toHaveBeenCalledTimes(52);
  });

  test('goes on after one that failed', async () => {
    const passwords = new Passwords();
    await expect(passwords.verify('any', 'not a hash')).rejects.toThrow();
    await expect(passwords.verify('any', 'not a hash')).rejects.toThrow();
    expect(await passwords.verify('words', await passwords.hash('words'))).toBe(true);
  });
});
