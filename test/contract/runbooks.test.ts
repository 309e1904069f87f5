import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { alerts } from '../../monitoring/catalogue.ts';
import { helpOf } from '../harness/brownie-help.ts';
import {
  brokenLinks,
  brownieCommands,
  mixedEnvironments,
  unfitToRun,
  unknownMetrics,
  unknownSettings,
  unparsable,
} from '../harness/document-faults.ts';
import { fencesOf, headingsOf } from '../harness/markdown.ts';

const folder = join(import.meta.dirname, '../../docs/runbooks/');
const files = readdirSync(folder).filter((file) => file !== 'README.md');
const read = (name: string): string => readFileSync(join(folder, `${name}.md`), 'utf8');
const sections = [
  'Meaning',
  'Impact',
  'Verify',
  'Diagnosis',
  'Mitigation',
  'Post-checks',
  'Rollback',
  'Why this threshold',
];
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const sectionOf = (markdown: string, title: string): string =>
  markdown.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

test('every alert has a runbook, and every runbook its alert', () => {
  expect(files.toSorted()).toEqual(alerts.map(({ name }) => `${name}.md`).toSorted());
});

describe.each(alerts)('the runbook of $name', ({ name, why, team, dashboard, rules }) => {
  const markdown = read(name);

  test('has all sections, in order, none empty', () => {
    expect(headingsOf(markdown)).toEqual([`# ${name}`, ...sections.map((title) => `## ${title}`)]);
    expect(markdown.split('\n')[0]).toBe(`# ${name}`);
    expect(sections.filter((title) => sectionOf(markdown, title).trim() === '')).toEqual([]);
  });

  test('says of severity, team, dashboard and threshold what the catalogue says', () => {
    const severities = [...new Set(rules.map(({ severity }) => severity))].join(', ');
    expect(markdown).toContain(
      `Severity: ${severities}. Team: ${team}. Dashboard: \`brownie-${dashboard}\`.`,
    );
    expect(oneLine(sectionOf(markdown, 'Why this threshold'))).toBe(oneLine(why));
  });

  test('verifies and checks afterwards by commands that run, against this alert', () => {
    for (const title of ['Verify', 'Post-checks']) {
      expect(fencesOf(sectionOf(markdown, title)).map(({ info }) => info)).toContain('bash run');
    }
    const asked = [...markdown.matchAll(/\.name == "(\w+)"/g)].map(([, asked = '']) => asked);
    expect(asked.filter((other) => other !== name)).toEqual([]);
  });

  test('tells how to acknowledge it if it pages', () => {
    const isCritical = rules.some(({ severity }) => severity === 'critical');
    const acknowledges = `silence add alertname=${name} \\\n  environment="\${ENVIRONMENT:-production}" `;
    expect(sectionOf(markdown, 'Mitigation').includes(acknowledges)).toBe(isCritical);
  });

  test('changes nothing before Mitigation', () => {
    const looking = ['Verify', 'Diagnosis'].flatMap((title) => fencesOf(sectionOf(markdown, title)));
    expect(looking.map(({ text }) => text).join('\n')).not.toMatch(
      /\b(pg_cancel_backend|pg_terminate_backend|rm |mv |cp |silence add|kill )/,
    );
  });

  test('names what exists', () => {
    expect(brokenLinks(markdown, join(folder, `${name}.md`))).toEqual([]);
    expect(unknownMetrics(markdown)).toEqual([]);
    expect(mixedEnvironments(markdown)).toEqual([]);
    expect(unknownSettings(markdown)).toEqual([]);
  });

  test('has commands that bash can parse, and runs only what it may', () => {
    expect(unparsable(markdown)).toEqual([]);
    expect(unfitToRun(markdown)).toEqual([]);
  });
});

test('every command of brownie that a runbook names exists', () => {
  const commands = [...new Set(files.flatMap((file) => brownieCommands(read(file.replace('.md', '')))))];
  expect(commands).toContain('config');
  for (const command of commands) {
    const [subcommand = '', ...options] = command.split(' ');
    const help = helpOf(subcommand);
    expect([command, help === undefined]).toEqual([command, false]);
    expect([command, options.filter((option) => help?.includes(option) !== true)]).toEqual([command, []]);
  }
});
