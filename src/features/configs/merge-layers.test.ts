import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, hashOf } from './canonical-json.ts';
import { isFields, type JsonFields } from './json.ts';
import { type Explanation, type Layer, mergeLayers, type Source } from './merge-layers.ts';

const layers = ['global', 'organization', 'team', 'alert', 'agent'] as const;
const source = (index: number): Source => ({
  layer: layers[index % 5] ?? 'agent',
  config_id: `c${index}`,
  version: index + 1,
});
const stackOf = (patches: readonly JsonFields[]): Layer[] =>
  patches.map((patch, index) => ({ source: source(index), patch }));

/** RFC 7396, section 2, word for word. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) {
    return patch;
  }
  const members = new Map(isFields(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      members.delete(name);
    } else {
      members.set(name, mergePatch(members.get(name), value));
    }
  }
  return Object.fromEntries(members);
}

const namesOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));

/** What a patch says at a pointer: nothing, something of its own, or something above it that is no object. */
function saidAt(patch: unknown, pointer: string): { isSaid: boolean; value?: unknown; isAbove?: boolean } {
  let value = patch;
  for (const name of namesOf(pointer)) {
    if (!isFields(value)) {
      return { isSaid: true, value, isAbove: true };
    }
    if (!Object.hasOwn(value, name)) {
      return { isSaid: false };
    }
    value = value[name];
  }
  return { isSaid: true, value };
}

/** The values of an explanation, put where it says that they are. */
function followed(explain: readonly Explanation[]): unknown {
  const root = new Map<string, unknown>();
  const toJson = (value: unknown): unknown =>
    value instanceof Map ? Object.fromEntries([...value].map(([name, each]) => [name, toJson(each)])) : value;
  for (const { pointer, value, state } of explain) {
    if (state !== 'set' || pointer === '') {
      continue;
    }
    const names = namesOf(pointer);
    const last = names.pop() ?? '';
    let at = root;
    for (const name of names) {
      const next = at.get(name) ?? new Map<string, unknown>();
      at.set(name, next);
      at = next as Map<string, unknown>;
    }
    // @NOTE one pointer would be told twice, or lie within a value.
    expect(at).toBeInstanceOf(Map);
    expect(at.has(last)).toBe(false);
    at.set(last, value);
  }
  return toJson(root);
}

const name = fc.constantFrom('a', 'b', 'c', 'a/b', 'm~n', '__proto__', 'é', '');
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3, withCrossShrink: true }, tie('leaf'), tie('fields')),
  leaf: fc.oneof(
    fc.constant(null),
    fc.constantFrom(0, 1, 1.5, 1e22, true, '', 'x'),
    fc.constantFrom([], [1], [null, { a: null }]),
    fc.constant({}),
  ),
  fields: fc
    .array(fc.tuple(name, tie('any')), { maxLength: 4 })
    .map((members) => Object.fromEntries(members)),
}));
const patch = fc
  .array(fc.tuple(name, value.any), { maxLength: 4 })
  .map((members): JsonFields => Object.fromEntries(members));

describe('of 10,000 random stacks of layers', () => {
  const seed = Date.now() % 2 ** 31;
  const parameters = { numRuns: 10_000, seed } satisfies fc.Parameters;
  test(`each is what a slow merge gives, and every value is where and from whom its explanation says (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.array(patch, { maxLength: 8 }), (patches) => {
        const { effective, explain } = mergeLayers(stackOf(patches));
        const slow = patches.reduce<unknown>(mergePatch, {});
        const text = canonicalJson(slow);
        if (canonicalJson(effective) !== text || JSON.stringify(effective) !== text) {
          expect(effective).toEqual(slow);
        }
        if (hashOf(followed(explain)) !== hashOf(slow)) {
          expect(followed(explain)).toEqual(slow);
        }
        for (const explanation of explain) {
          requireTrue(explanation, patches);
        }
      }),
      parameters,
    );
  });

  /** The last layer that says something at a pointer, or above it, is the one that it is from; the others said something there, the nearest first. */
  function requireTrue(
    { pointer, value: is, state, from, overrode }: Explanation,
    patches: readonly JsonFields[],
  ): void {
    const said = patches.map((each) => saidAt(each, pointer));
    const index = from.version - 1;
    const own = said[index];
    const order = [from, ...overrode].map(({ version }) => version);
    const fault = (): string | undefined => {
      if (own?.isSaid !== true || order.some((version, at) => at > 0 && version > (order[at - 1] ?? 0))) {
        return 'it said nothing there, or the order is another';
      }
      if (!overrode.every(({ version }) => said[version - 1]?.isSaid)) {
        return 'one that it overrode said nothing there';
      }
      if (state !== 'set') {
        return overrode.length === 0 ? 'nothing went' : undefined;
      }
      if (isFields(is)) {
        return isFields(own.value) ? undefined : 'it made no object';
      }
      const later = said.slice(index + 1).some(({ isSaid }) => isSaid);
      return canonicalJson(own.value) === canonicalJson(is) && !later ? undefined : 'somebody else said it';
    };
    const why = fault();
    if (why !== undefined) {
      expect.fail(`${pointer} ${state} from ${index}: ${why}`);
    }
  }
});

const explained = (...patches: JsonFields[]) =>
  mergeLayers(stackOf(patches)).explain.map(({ pointer, value: is, state, from, overrode }) => [
    pointer,
    is,
    state,
    from.config_id,
    overrode.map(({ config_id }) => config_id),
  ]);

describe('an explanation says', () => {
  test('of what was overridden, by whom, the nearest first', () => {
    expect(explained({ a: 1 }, { a: 2 }, { b: 1 }, { a: [3] })).toEqual([
      ['/a', [3], 'set', 'c3', ['c1', 'c0']],
      ['/b', 1, 'set', 'c2', []],
    ]);
  });

  test('of what was deleted, who did it, and who brought it back', () => {
    expect(explained({ a: { b: 1, c: 2 }, d: 1 }, { a: null }, { a: { c: 3 } })).toEqual([
      ['/a/b', null, 'deleted', 'c1', ['c0']],
      ['/a/c', 3, 'set', 'c2', ['c1', 'c0']],
      ['/d', 1, 'set', 'c0', []],
    ]);
  });

  test('of what went with what stands above it, and of values that became objects', () => {
    expect(explained({ a: { b: 1 }, c: 1 }, { a: 'off', c: { d: 2 } })).toEqual([
      ['/a', 'off', 'set', 'c1', []],
      ['/a/b', null, 'replaced', 'c1', ['c0']],
      ['/c', null, 'replaced', 'c1', ['c0']],
      ['/c/d', 2, 'set', 'c1', []],
    ]);
  });

  test('of an empty object that became a value, whose it was', () => {
    expect(explained({ a: {} }, { a: 1 })).toEqual([['/a', 1, 'set', 'c1', ['c0']]]);
    expect(explained({ a: {} }, { a: null })).toEqual([['/a', null, 'deleted', 'c1', ['c0']]]);
  });

  test('of an object that is left empty, who made it', () => {
    expect(explained({ a: { b: 1 } }, { a: { b: null } })).toEqual([
      ['/a', {}, 'set', 'c0', []],
      ['/a/b', null, 'deleted', 'c1', ['c0']],
    ]);
  });
});
