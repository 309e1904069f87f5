import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addOperations } from '../../../cli/operations.ts';
import { areaOf, areas } from '../check.ts';
import { checks } from './index.ts';

const root = join(import.meta.dirname, '../../../../');

test('each check has a name of its own, in one of the areas, and every area has one', () => {
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  expect(areas.filter((area) => !checks.some((check) => areaOf(check) === area))).toEqual([]);
  expect(checks.filter((check) => !areas.includes(areaOf(check)))).toEqual([]);
});

test('its document says how many there are', () => {
  const text = readFileSync(join(root, 'docs/procedures/doctor.md'), 'utf8');
  expect(text).toContain(`Healthy: ${checks.length} checks found nothing.`);
});

test('each check leads to a document, and to a heading in it', () => {
  for (const { id, runbook } of checks) {
    const [path = '', anchor] = runbook.split('#');
    const headings = [...readFileSync(join(root, path), 'utf8').matchAll(/^#+ (.*)$/gm)].map(
      ([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replaceAll(' ', '-'),
    );
    expect([id, anchor === undefined || headings.includes(anchor)]).toEqual([id, true]);
  }
});

test('remedies name commands of brownie that exist', () => {
  const program = new Command();
  addOperations(program);
  for (const name of ['serve', 'migrate', 'config']) {
    program.command(name);
  }
  const sources = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .concat(readFileSync(join(import.meta.dirname, '../database-fault.ts'), 'utf8'));
  const named = new Set(sources.join('\n').match(/\bbrownie (?:[a-z][a-z-]+ ?)+/g));
  expect(named.size).toBeGreaterThan(10);
  expect([...named].filter((words) => !exists(program, words.trim().split(' ').slice(1)))).toEqual([]);
});

/** Whether words lead to a command; what follows a command without commands of its own are its arguments. */
function exists(parent: Command, words: readonly string[]): boolean {
  const [word, ...rest] = words;
  if (parent.commands.length === 0) {
    return true;
  }
  const child = parent.commands.find((command) => command.name() === word);
  return child !== undefined && exists(child, rest);
}
