import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFields, type JsonFields } from './json.ts';
import { jsonPatch, type PatchStep } from './json-patch.ts';

/** Applies a patch by RFC 6902, step by step; a path that leads nowhere is a fault. */
function applied(document: unknown, steps: readonly PatchStep[]): unknown {
  let root: unknown = structuredClone(document);
  for (const step of steps) {
    const names = step.path
      .split('/')
      .slice(1)
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    root = stepped(root, names, step);
  }
  return root;
}

function stepped(at: unknown, [name, ...rest]: readonly string[], step: PatchStep): unknown {
  if (name === undefined) {
    return step.op === 'remove' ? undefined : step.value;
  }
  if (Array.isArray(at)) {
    const index = Number(name);
    expect(index).toBeLessThan(at.length + (rest.length === 0 && step.op === 'add' ? 1 : 0));
    if (rest.length > 0) {
      return at.with(index, stepped(at[index], rest, step));
    }
    return step.op === 'remove'
      ? at.toSpliced(index, 1)
      : at.toSpliced(index, step.op === 'add' ? 0 : 1, step.value);
  }
  expect(isFields(at)).toBe(true);
  const fields = new Map(Object.entries(at as JsonFields));
  expect(fields.has(name)).toBe(rest.length > 0 || step.op !== 'add');
  if (rest.length === 0 && step.op === 'remove') {
    fields.delete(name);
  } else {
    fields.set(name, stepped(fields.get(name), rest, step));
  }
  return Object.fromEntries(fields);
}

const json = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, fc.constantFrom(null, 0, 1, true, 'x', ''), tie('list'), tie('fields')),
  list: fc.array(tie('any'), { maxLength: 4 }),
  fields: fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c/d', '~1', '__proto__', ''), tie('any')), { maxLength: 4 })
    .map((members) => Object.fromEntries(members)),
})).any;

describe('a JSON patch', () => {
  test('makes the one of the other, and is empty where both are the same', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(applied(before, jsonPatch(before, after))).toStrictEqual(after);
        expect(jsonPatch(after, structuredClone(after))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('says no more than what changed', () => {
    const before = { limits: { tokens: 1, seconds: 2 }, tools: ['logs', 'metrics', 'traces'] };
    const after = { limits: { tokens: 9, seconds: 2 }, tools: ['logs', 'traces'], 'a/b': null };
    expect(jsonPatch(before, after)).toEqual([
      { op: 'replace', path: '/limits/tokens', value: 9 },
      { op: 'remove', path: '/tools/1' },
      { op: 'add', path: '/a~1b', value: null },
    ]);
  });

  test('says that a secret changed, and shows what may be shown', () => {
    const patch = jsonPatch({ api_key: 'old' }, { api_key: 'new' }, { api_key: '[masked]' });
    expect(patch).toEqual([{ op: 'replace', path: '/api_key', value: '[masked]' }]);
  });

  test('of two long lists takes no time that grows with the product of their lengths', () => {
    const list = (offset: number) => Array.from({ length: 100_000 }, (_, index) => index + offset);
    expect(jsonPatch(list(0), list(1))).toHaveLength(100_000);
  });
});
