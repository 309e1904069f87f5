import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { roomOf } from '../../scripts/boundaries/floor-plan.ts';
import { floorOf, graphOf, reachable } from '../../scripts/boundaries/graph.ts';
import { readImports, repository } from '../../scripts/boundaries/imports.ts';

const document = readFileSync(`${repository}/docs/architecture.md`, 'utf8');
const { imports } = await readImports(repository, ['src']);
const production = imports.filter(({ from }) => !/\.(test|fixture)\.ts$|test-support/.test(from));
const rooms = graphOf(production.map(({ from, to }) => [roomOf(from) ?? '', roomOf(to) ?? '']));

interface Step {
  readonly file: string;
  /** What it uses on the way. */
  readonly uses: readonly string[];
}

/** The numbered files below a heading, and those that are listed under each. */
function walkBelow(heading: string): readonly Step[] {
  const [, section = ''] = document.split(`### ${heading}\n`);
  const [text = ''] = section.split(/^##/m);
  return text.split(/^(?=\d+\. )/m).flatMap((step) => {
    const [file, ...uses] = [...step.matchAll(/^(?:\d+\.| {3}-) `([^`]+)`/gm)].map(([, name = '']) => name);
    return file === undefined ? [] : [{ file, uses }];
  });
}

const isDirect = (from: string, to: string): boolean =>
  production.some((each) => each.from === from && each.to === to);

/** Whether one file imports another, be it by the door of its room. */
const isImported = (from: string, to: string): boolean =>
  isDirect(from, to) ||
  production.some((each) => each.from === from && each.to.endsWith('/index.ts') && isDirect(each.to, to));

describe.each(['What happens at start', 'What happens at a backup'])('%s', (heading) => {
  const walk = walkBelow(heading);

  test('each step is called by the one before it, and none climbs', () => {
    expect(walk.length).toBeGreaterThanOrEqual(3);
    for (const [index, { file }] of walk.entries()) {
      const before = walk[index - 1]?.file;
      if (before !== undefined) {
        expect(isImported(before, file), `${before} -> ${file}`).toBe(true);
        expect(floorOf(rooms, roomOf(file) ?? '')).toBeLessThanOrEqual(floorOf(rooms, roomOf(before) ?? ''));
      }
    }
  });
});

describe.each(['What happens at start', 'What happens to a POST', 'What happens at a backup'])(
  '%s',
  (heading) => {
    test('each step uses what is listed below it', () => {
      const pairs = walkBelow(heading).flatMap(({ file, uses }) => uses.map((used) => [file, used] as const));
      expect(pairs.length).toBeGreaterThan(0);
      expect(pairs.filter(([file, used]) => !isImported(file, used))).toEqual([]);
    });
  },
);

test('what happens to a POST begins where the service is put together', () => {
  const loaded = reachable(
    graphOf(production.filter(({ isType }) => !isType).map(({ from, to }) => [from, to])),
    'src/service/app.ts',
  );
  expect(walkBelow('What happens to a POST').filter(({ file }) => !loaded.has(file))).toEqual([]);
});

test('every room of the floor plan stands on its floor', () => {
  const rows = [...document.matchAll(/^\| (\d) \| `(src\/[a-z-]+)\/` \|/gm)].map(([, floor, room]) => [
    room,
    Number(floor),
  ]);
  const counted = [...new Set([...rooms.keys(), ...[...rooms.values()].flatMap((to) => [...to])])]
    .filter((room) => room.startsWith('src/'))
    .map((room) => [room, floorOf(rooms, room)]);
  expect(new Map(rows as [string, number][])).toEqual(new Map(counted as [string, number][]));
});
