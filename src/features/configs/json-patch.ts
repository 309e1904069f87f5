import { isDeepStrictEqual } from 'node:util';
import { isFields, type JsonFields, pointerTo } from './json.ts';

/** One step of a JSON Patch (RFC 6902). */
export type PatchStep =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/**
 * The JSON Patch that makes `after` of `before`, in time that grows with their size. Its values are taken of `shown`: `after`, or what may be shown
 * of it, which has the same names and items. @NOTE not by a library: those that are in use compare each item of a list with each other one, and
 * leave out members that are called `__proto__`.
 */
export function jsonPatch(before: unknown, after: unknown, shown: unknown = after): PatchStep[] {
  const steps: PatchStep[] = [];
  compare({ before, after, shown, path: '' }, steps);
  return steps;
}

interface Pair {
  readonly before: unknown;
  readonly after: unknown;
  readonly shown: unknown;
  readonly path: string;
}

function compare(pair: Pair, steps: PatchStep[]): void {
  const { before, after, shown, path } = pair;
  if (isFields(before) && isFields(after)) {
    compareFields({ before, after, shown: shown as JsonFields, path }, steps);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    compareItems({ before, after, shown: shown as readonly unknown[], path }, steps);
  } else if (!Object.is(before, after)) {
    steps.push({ op: 'replace', path, value: shown });
  }
}

function compareFields(
  pair: { readonly before: JsonFields; readonly after: JsonFields; readonly shown: JsonFields; path: string },
  steps: PatchStep[],
): void {
  const { before, after, shown } = pair;
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) {
      steps.push({ op: 'remove', path: pointerTo(pair.path, name) });
    }
  }
  for (const name of Object.keys(after)) {
    const path = pointerTo(pair.path, name);
    if (Object.hasOwn(before, name)) {
      compare({ before: before[name], after: after[name], shown: shown[name], path }, steps);
    } else {
      steps.push({ op: 'add', path, value: shown[name] });
    }
  }
}

type Items = readonly unknown[];

/** @NOTE items that both begin and end with stay; those between are compared by their places, and the rest is added or removed. */
function compareItems(
  { before, after, shown, path }: { before: Items; after: Items; shown: Items; path: string },
  steps: PatchStep[],
): void {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isDeepStrictEqual(before[start], after[start])) {
    start += 1;
  }
  let same = 0;
  while (same < shorter - start && isDeepStrictEqual(before.at(-1 - same), after.at(-1 - same))) {
    same += 1;
  }
  const [end, endAfter] = [before.length - same, after.length - same];
  for (let at = start; at < Math.min(end, endAfter); at += 1) {
    compare({ before: before[at], after: after[at], shown: shown[at], path: `${path}/${at}` }, steps);
  }
  for (let at = end - 1; at >= Math.max(start, endAfter); at -= 1) {
    steps.push({ op: 'remove', path: `${path}/${at}` });
  }
  for (let at = Math.max(start, end); at < endAfter; at += 1) {
    steps.push({ op: 'add', path: `${path}/${at}`, value: shown[at] });
  }
}
