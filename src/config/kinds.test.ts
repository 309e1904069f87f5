import { describe, expect, it } from 'vitest';
import { flag, jsonList, oneOf, quote, text, wholeNumber } from './kinds.ts';

function faultOf(parsed: { ok: boolean; fault?: string }): string | undefined {
  return parsed.fault;
}

describe('wholeNumber', () => {
  const size = wholeNumber({ min: 1, max: 1000 });

  it.each([
    ['1', 1],
    ['1000', 1000],
    [' 20 ', 20],
    ['007', 7],
  ])('reads %j', (raw, value) => {
    expect(size.parse(raw)).toEqual({ ok: true, value });
  });

  it.each(['ten', '1.5', '8e3', '0x10', '1_000', '+5', '1 0', ' ', '٣', 'NaN', 'Infinity'])(
    'refuses %j',
    (raw) => {
      expect(faultOf(size.parse(raw))).toBe(
        `${JSON.stringify(raw)} is not a whole number; give one from 1 to 1000`,
      );
    },
  );

  it('refuses what is out of range, however long', () => {
    expect(faultOf(size.parse('0'))).toBe('"0" is too small; give a whole number from 1 to 1000');
    expect(faultOf(size.parse('-3'))).toBe('"-3" is too small; give a whole number from 1 to 1000');
    expect(faultOf(size.parse('1001'))).toBe('"1001" is too large; give a whole number from 1 to 1000');
    expect(faultOf(size.parse('9'.repeat(400)))).toContain('is too large');
  });
});

describe('flag', () => {
  it.each(['true', 'TRUE', '1', 'yes', 'On'])('reads %j as true', (raw) => {
    expect(flag().parse(raw)).toEqual({ ok: true, value: true });
  });

  it.each(['false', 'False', '0', 'no', 'OFF'])('reads %j as false', (raw) => {
    expect(flag().parse(raw)).toEqual({ ok: true, value: false });
  });

  it.each(['maybe', 't', '2', ' '])('refuses %j', (raw) => {
    expect(faultOf(flag().parse(raw))).toContain('is neither true nor false; give one of the two');
  });
});

describe('oneOf', () => {
  it('reads a word in any case, as the list spells it', () => {
    expect(oneOf(['HS256', 'HS512']).parse(' hs512 ')).toEqual({ ok: true, value: 'HS512' });
  });

  it('names the words it knows', () => {
    expect(faultOf(oneOf(['HS256', 'HS512']).parse('none'))).toBe(
      '"none" is not one of HS256, HS512; give one of them',
    );
    expect(faultOf(oneOf(['v1']).parse('v2'))).toBe('"v2" is not known; give v1 or unset it');
  });
});

describe('text', () => {
  it('trims, and refuses blanks', () => {
    expect(text('folder').parse(' data ')).toEqual({ ok: true, value: 'data' });
    expect(faultOf(text('folder').parse(' \t'))).toBe('is blank; give a value or unset it');
  });
});

describe('jsonList', () => {
  const list = jsonList({
    expects: 'list',
    example: '["a"]',
    check: (item) => (item === 'bad' ? 'is bad' : undefined),
  });

  it('reads a list, the empty one too, and shows it as it is written', () => {
    expect(list.parse('["a", "b"]')).toEqual({ ok: true, value: ['a', 'b'] });
    expect(list.parse('[]')).toEqual({ ok: true, value: [] });
    expect(list.format(['a', 'b'])).toBe('["a","b"]');
  });

  it.each(['a,b', '"a"', '{}', 'null', '["a", 1]', '[["a"]]', '["a"'])('refuses %s', (raw) => {
    expect(faultOf(list.parse(raw))).toContain('is not a JSON list of strings; write it like ["a"]');
  });

  it('names every bad item', () => {
    expect(faultOf(list.parse('["bad", "a", "bad"]'))).toBe('"bad" is bad. "bad" is bad');
  });
});

describe('quote', () => {
  it('escapes control characters and cuts what is long', () => {
    expect(quote('a\nb\u001b')).toBe('"a\\nb\\u001b"');
    expect(quote('x'.repeat(1000))).toHaveLength(63);
  });
});
