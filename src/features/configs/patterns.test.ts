import { describe, expect, test } from 'vitest';
import { whyNot } from './alert-match.ts';
import { Patterns, requirePattern } from './patterns.ts';

const patterns = new Patterns();

describe('a pattern', () => {
  test.each([
    ['critical|high', 'high', true],
    ['critical|high', 'higher', false],
    ['critical|high', 'critical|high', false],
    ['Disk.*', 'DiskFull', true],
    ['Disk.*', 'MyDiskFull', false],
    ['Disk', 'DiskFull', false],
    ['(?i)disk.*', 'DISKFULL', true],
    ['checkout-\\d+', 'checkout-12', true],
    ['a.c', 'a\nc', false],
    ['ü+', 'üü', true],
    ['.*', '', true],
    ['a b-c', 'a b-c', true],
  ])('%s of all of %j: %s', (pattern, text, is) => {
    expect(patterns.matches(pattern, text)).toBe(is);
  });

  test.each([
    ['(?=x)', 'look-around'],
    ['(?<!a)b', 'look-around'],
    ['(a)\\1', 'back-reference'],
    ['[', 'missing closing ]'],
    ['a{1001}', 'invalid repeat count'],
    ['(.{100}){9}', 'comes to 920 steps, of 500 at most'],
  ])('%s is refused by name, and told which syntax holds', (pattern, why) => {
    const refused = () => requirePattern(pattern, '/match/name');
    expect(refused).toThrow(why);
    expect(refused).toThrow(/\/match\/name .*Patterns are those of RE2.*Unlike in JavaScript/);
  });

  test('that makes JavaScript’s own engine stand still takes no time', () => {
    expect(patterns.matches('(a*)*b', 'a'.repeat(255))).toBe(false);
    expect(patterns.matches('(a|a?)+$', `${'a'.repeat(254)}b`)).toBe(false);
  });
});

describe('a configuration for alerts', () => {
  const match = { name: 'Disk.*', severity: 'critical|high', labels: { service: 'checkout-.*', region: '' } };
  const alert = { name: 'DiskFull', severity: 'high', labels: { service: 'checkout-api' } };

  test('holds where all of its patterns match; what the alert does not say is the empty text', () => {
    expect(whyNot(match, alert, undefined, patterns)).toBeUndefined();
    expect(whyNot({ team: 'payments-.*' }, alert, 'payments-eu', patterns)).toBeUndefined();
    expect(whyNot({ labels: { toString: '' } }, alert, undefined, patterns)).toBeUndefined();
  });

  test.each([
    [match, { ...alert, severity: 'low' }, 'the severity does not match critical|high'],
    [match, { ...alert, name: 'CPU' }, 'the name does not match Disk.*'],
    [match, { name: 'DiskFull', severity: 'high' }, 'the label service does not match checkout-.*'],
    [{ team: 'a' }, alert, 'the team does not match a'],
  ])('says why it does not: %j %j', (asked, given, why) => {
    expect(whyNot(asked, given, undefined, patterns)).toBe(why);
  });
});
