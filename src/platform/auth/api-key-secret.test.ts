import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { apiKeyHash, isApiKey, looksLikeApiKey, newApiKey } from './api-key-secret.ts';

describe('an API key', () => {
  test('has the form that scanners of secrets look for, and is another one each time', () => {
    const keys = Array.from({ length: 100 }, newApiKey);
    expect(keys.filter((key) => !/^brw_[0-9A-Za-z]{49}$/.test(key))).toEqual([]);
    expect(new Set(keys.map((key) => key.slice(0, 20))).size).toBe(100);
    expect(keys.every(isApiKey)).toBe(true);
  });

  test('carries the CRC-32 of what stands before it, in base 62', () => {
    // CRC-32 of "brw_" and 43 zeros by Python's zlib: 2800258889, in base 62 with the digits 0-9A-Za-z.
    const text = `brw_${'0'.repeat(43)}`;
    expect(isApiKey(`${text}33VbFx`)).toBe(true);
  });

  test('is none with one character wrong, left out, added or swapped, wherever', () => {
    const key = newApiKey();
    const wrong = [...key].flatMap((character, index) => {
      const [before, after] = [key.slice(0, index), key.slice(index + 1)];
      const swapped = `${before}${after[0] ?? ''}${character}${after.slice(1)}`;
      return [
        `${before}${character === 'x' ? 'y' : 'x'}${after}`,
        `${before}${after}`,
        `${before}é${after}`,
        swapped,
      ];
    });
    expect(wrong.filter((text) => text !== key && isApiKey(text))).toEqual([]);
    expect([`${key}0`, ` ${key}`, `${key}\n`, key.toLowerCase(), ''].filter(isApiKey)).toEqual([]);
  });

  test('is told from an access token by its beginning, and kept as its SHA-256', () => {
    expect(['brw_', 'brw_x.y.z', 'eyJ.a.b', 'BRW_x'].map(looksLikeApiKey)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(apiKeyHash('brw_x')).toBe(createHash('sha256').update('brw_x').digest('hex'));
  });
});
