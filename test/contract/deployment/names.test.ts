import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drills } from '../../../src/drills/catalogue.ts';
import { helpOf } from '../../harness/brownie-help.ts';
import { brokenLinks, brownieCommands, unknownSettings, unparsable } from '../../harness/document-faults.ts';
import { longRunning, services } from './compose.ts';
import { kustomize } from './kustomize.ts';
import { filesIn, root, textOf } from './repository.ts';
import { podsOf } from './workloads.ts';

const files = [
  'Dockerfile',
  'docker-compose.yml',
  ...[
    'blackbox',
    'compose',
    'haproxy',
    'kubernetes',
    'nginx',
    'pgbouncer',
    'postgres',
    'redis',
    'systemd',
  ].flatMap((folder) => filesIn(`deploy/${folder}`)),
].filter((path) => !path.endsWith('prometheus-rule.yaml'));

const units = filesIn('deploy/systemd');
const executed = (unit: string): string[] =>
  [...textOf(unit).matchAll(/^ExecStart=\S+ \S+brownie\.cjs (.*)$/gm)].map(([, command = '']) => command);

/** What `brownie` is told to do by a file: its words, up to what is given to it. */
const commands = new Set([
  ...units.flatMap(executed).map((command) => command.split(' ').slice(0, 2).join(' ')),
  ...services.flatMap(({ build, command = ['serve'] }) => (build === undefined ? [] : [command.join(' ')])),
  ...['production', 'production/migration'].flatMap((overlay) =>
    podsOf(kustomize(join(root, 'deploy/kubernetes/overlays', overlay))).flatMap(({ containers }) =>
      containers.map(({ args }) => args.join(' ')),
    ),
  ),
]);

test.each(files)('%s names settings that there are', (path) => {
  expect(unknownSettings(textOf(path))).toEqual([]);
});

test('timers go by UTC: a night of summer time has no quarter past two', () => {
  const times = units.flatMap((unit) => [...textOf(unit).matchAll(/^OnCalendar=(.*)$/gm)]);
  expect(times).toHaveLength(4);
  for (const [line, time] of times) {
    expect([line, time?.endsWith(' UTC')]).toEqual([line, true]);
  }
});

test('containers and units run commands that there are', () => {
  expect([...commands]).toEqual(expect.arrayContaining(['serve', 'backup create', 'drill restore']));
  for (const command of commands) {
    const help = helpOf(command);
    // A word that is no command of `backup` would show the help of `backup` itself.
    const [verb = '', ...words] = command.split(' ');
    expect(help).toContain(`Usage: brownie ${verb === 'drill' ? verb : command}`);
    expect(verb === 'drill' ? words.filter((name) => drills[name] === undefined) : []).toEqual([]);
  }
});

describe('docs/deployment.md', () => {
  const guide = textOf('docs/deployment.md');

  test('names what exists', () => {
    expect(brokenLinks(guide, join(root, 'docs/deployment.md'))).toEqual([]);
    expect(unknownSettings(guide)).toEqual([]);
    const paths = guide.match(/\b(?:deploy|scripts)\/[\w./-]*\w/g) ?? [];
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('installs each file that a unit of systemd reads, where it reads it', () => {
    const read = units.flatMap((unit) =>
      [...textOf(unit).matchAll(/_FILE=(\/etc\/\S+)\/([\w-]+)$/gm)].map(([, folder, name]) => [folder, name]),
    );
    expect(read.length).toBeGreaterThan(5);
    const installed = guide.match(/^install .*secrets\/.*$/gm) ?? [];
    const missing = read.filter(
      ([folder, name]) =>
        !installed.some((line) => line.includes(`secrets/${name} `) && line.endsWith(` ${folder}/`)),
    );
    expect(missing).toEqual([]);
  });

  test('has commands that bash can parse, on services that there are', () => {
    expect(unparsable(guide)).toEqual([]);
    const named = [...guide.matchAll(/docker (?:logs|exec) (?:-i )?(brownie-[\w-]+)/g)].map(
      ([, name]) => name,
    );
    const known = longRunning.map(
      ({ name, container_name: containerName = `brownie-metadata-${name}-1` }) => containerName,
    );
    expect(named.filter((name = '') => !known.includes(name))).toEqual([]);
  });

  test('names commands of brownie that exist', () => {
    for (const command of brownieCommands(guide)) {
      const [subcommand = '', ...options] = command.split(' ');
      const help = helpOf(subcommand);
      expect([command, help === undefined]).toEqual([command, false]);
      expect([command, options.filter((option) => help?.includes(option) !== true)]).toEqual([command, []]);
    }
  });
});

test('curl-format.txt is there for the command of the operations guide', () => {
  expect(textOf('curl-format.txt')).toContain('%{time_total}');
});
