import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slugCandidates } from './slug.ts';

const valid = /^[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?$/;
const tail = /-[0-9a-f]{10}$/;

describe('the slug of a name', () => {
  test.each([
    ['Acme Operations', 'acme-operations'],
    ['  Acme — Operations!  ', 'acme-operations'],
    ['Ünïcode  Ops', 'unicode-ops'],
    ['Ångström & Söhne', 'angstrom-sohne'],
    ['ﬁre ① ＡＢＣ', 'fire-1-abc'],
    ['İstanbul', 'istanbul'],
    ['Команда SRE', 'sre'],
    ['a', 'a'],
    ['R&D/42', 'r-d-42'],
    ['x'.repeat(255), 'x'.repeat(100)],
    [`${'x'.repeat(99)} y`, 'x'.repeat(99)],
  ])('%s is readable: %s', (name, slug) => {
    expect(slugCandidates(name, 'team')[0]).toBe(slug);
  });

  test.each(['日本語', '---', '🚒', '   ', '_', 'Ωμέγα', '\u0301'])(
    '%j, of which nothing can be read, is the fallback with a tail of its own',
    (name) => {
      const [slug, ...more] = slugCandidates(name, 'team');
      expect(slug).toMatch(/^team-[0-9a-f]{10}$/);
      expect(more).toEqual([]);
      expect(slugCandidates(name, 'team')[0]).not.toBe(slug);
    },
  );

  test('has a second one with a tail, for when the first is taken', () => {
    const [, second] = slugCandidates('Acme Operations', 'organization');
    expect(second).toMatch(/^acme-operations-[0-9a-f]{10}$/);
    const [, long] = slugCandidates('x'.repeat(255), 'organization');
    expect(long).toHaveLength(100);
    expect(long).toMatch(tail);
  });

  test('is valid whatever the name, and the last one always ends in a tail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 255 }), (name) => {
        const candidates = slugCandidates(name, 'organization');
        for (const slug of candidates) {
          expect(slug).toMatch(valid);
        }
        expect(candidates.at(-1)).toMatch(tail);
      }),
    );
  });
});
