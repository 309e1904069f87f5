import { dirname } from 'node:path';
import { arrowsOf, circlesOf, floorOf, type Graph, graphOf, reachable } from './graph.ts';
import type { Import } from './imports.ts';

/** Rooms whose files import nothing: SQL, and what is deployed. */
const withoutImports = ['deploy', 'migrations'];

/** A figure of the house, and the bound that it must keep. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly max: number;
  /** Which they are, where the bound is none. */
  readonly which: readonly string[];
}

const isTest = (file: string): boolean => /\.(test|fixture)\.ts$|\/test-support\/|^test\//.test(file);

/** The room of a file: a folder of `src`, or one beside it. Undefined for a file that stands in none. */
export const roomOf = (file: string): string | undefined => /^(?:src\/)?[^/]+(?=\/)/.exec(file)?.[0];

/** The figures of the house, counted from what its files import; tests are not counted. */
export function floorPlan(
  everything: readonly Import[],
  commands: Readonly<Record<string, number>>,
): readonly Figure[] {
  const imports = everything.filter(({ from, to }) => !isTest(from) && !isTest(to));
  const files = [...new Set(imports.flatMap(({ from, to }) => [from, to]))].filter((file) =>
    file.includes('/'),
  );
  const rooms = graphOf(arrowsBetween(imports, (file) => roomOf(file)));
  const names = new Set([...files.flatMap((file) => roomOf(file) ?? []), ...withoutImports]);
  const loose = files.filter((file) => /^src\/[^/]+$/.test(file));
  const fileCircles = circlesOf(graphOf(imports.map(({ from, to }) => [from, to])));
  const folderCircles = foldersOf(files).flatMap((folder) => circlesOf(siblings(imports, folder)));
  const floors =
    circlesOf(rooms).length > 0
      ? Number.POSITIVE_INFINITY
      : Math.max(...[...names].map((room) => floorOf(rooms, room)));
  return [
    { name: 'rooms', value: names.size, max: 17, which: [...names].sort() },
    { name: 'floors', value: floors, max: 7, which: [] },
    { name: 'arrows between rooms', value: arrowsOf(rooms).length, max: 30, which: [] },
    { name: 'circles of files', value: fileCircles.length, max: 0, which: inLines(fileCircles) },
    { name: 'circles of folders', value: folderCircles.length, max: 0, which: inLines(folderCircles) },
    { name: 'loose files in src/', value: loose.length, max: 0, which: loose },
    ...Object.entries(commands).map(([file, max]) => ({
      name: `modules that ${file} loads`,
      value: modulesLoaded(imports, file).size,
      max,
      which: [],
    })),
  ];
}

/**
 * Our own modules that are loaded as soon as a file is, itself included; what it loads later is not counted. Throws where no such
 * file imports anything: one that was moved would load nothing, and keep every bound.
 */
export function modulesLoaded(imports: readonly Import[], file: string): ReadonlySet<string> {
  if (!imports.some(({ from }) => from === file)) {
    throw new Error(`${file} imports nothing: is it still there?`);
  }
  const loading = imports.filter(({ isType, isDynamic }) => !isType && !isDynamic);
  return reachable(graphOf(loading.map(({ from, to }) => [from, to])), file);
}

/** What stands in one folder, files and folders alike, and what of it imports what. */
function siblings(imports: readonly Import[], folder: string): Graph {
  const start = folder === '.' ? '' : `${folder}/`;
  const childOf = (file: string): string | undefined =>
    file.startsWith(start) ? start + (file.slice(start.length).split('/')[0] ?? '') : undefined;
  return graphOf(arrowsBetween(imports, childOf));
}

function arrowsBetween(
  imports: readonly Import[],
  placeOf: (file: string) => string | undefined,
): readonly (readonly [string, string])[] {
  return imports.flatMap(({ from, to }) => {
    const [a, b] = [placeOf(from), placeOf(to)];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
}

const foldersOf = (files: readonly string[]): readonly string[] => {
  const folders = new Set(files.map((file) => dirname(file)));
  for (const folder of folders) {
    folders.add(dirname(folder));
  }
  return [...folders];
};

const inLines = (circles: readonly (readonly string[])[]): readonly string[] =>
  circles.map((circle) => circle.join(' <-> '));
