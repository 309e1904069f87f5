import { expect, test } from 'vitest';
import { floorPlan, modulesLoaded, roomOf } from './floor-plan.ts';
import type { Import } from './imports.ts';

const arrow = (from: string, to: string, how: Partial<Import> = {}): Import => ({
  from,
  to,
  isType: false,
  isDynamic: false,
  ...how,
});
const figures = (imports: readonly Import[]) =>
  Object.fromEntries(floorPlan(imports, {}).map(({ name, value }) => [name, value]));

test.each([
  ['src/platform/http/route.ts', 'src/platform'],
  ['monitoring/alerts/api-down.ts', 'monitoring'],
  ['src/loose.ts', 'src'],
  ['vitest.config.ts', undefined],
])('the room of %s is %s', (file, room) => {
  expect(roomOf(file)).toBe(room);
});

test('rooms, floors and arrows are counted once, however many files tie them; tests are not', () => {
  expect(
    figures([
      arrow('src/bin/a.ts', 'src/cli/b.ts'),
      arrow('src/cli/b.ts', 'src/platform/http/c.ts'),
      arrow('src/cli/d.ts', 'src/platform/http/c.ts', { isType: true }),
      arrow('src/cli/b.test.ts', 'src/config/e.ts'),
    ]),
  ).toMatchObject({ rooms: 5, floors: 3, 'arrows between rooms': 2, 'circles of files': 0 });
});

test('files and folders that import each other are circles, types included', () => {
  expect(
    figures([
      arrow('src/platform/http/a.ts', 'src/platform/auth/b.ts'),
      arrow('src/platform/auth/c.ts', 'src/platform/http/d.ts', { isType: true }),
    ]),
  ).toMatchObject({ 'circles of files': 0, 'circles of folders': 1 });
  expect(
    figures([arrow('src/demo/a.ts', 'src/demo/b.ts'), arrow('src/demo/b.ts', 'src/demo/a.ts')]),
  ).toMatchObject({
    'circles of files': 1,
  });
});

test('a file in no room is loose', () => {
  expect(figures([arrow('src/loose.ts', 'src/demo/a.ts')])).toMatchObject({ 'loose files in src/': 1 });
});

test('what is imported for its types, or later, is not loaded', () => {
  const loaded = modulesLoaded(
    [
      arrow('a.ts', 'b.ts'),
      arrow('b.ts', 'c.ts'),
      arrow('c.ts', 'a.ts'),
      arrow('a.ts', 'd.ts', { isType: true }),
      arrow('a.ts', 'e.ts', { isDynamic: true }),
    ],
    'a.ts',
  );
  expect([...loaded].sort()).toEqual(['a.ts', 'b.ts', 'c.ts']);
  expect(() => modulesLoaded([arrow('a.ts', 'b.ts')], 'gone.ts')).toThrow('is it still there?');
});
