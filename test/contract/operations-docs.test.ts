import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { exitCodes } from '../../src/commands/outcome.ts';
import { escalationLevels } from '../../src/operations/incident-log/on-call-policy.ts';
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
import { fencesOf } from '../harness/markdown.ts';

const root = join(import.meta.dirname, '../../');
const path = join(root, 'docs/operations.md');
const guide = readFileSync(path, 'utf8');
const sectionOf = (title: string): string =>
  guide.split(new RegExp(`\n###? ${title}\n`))[1]?.split(/\n###? /)[0] ?? '';

describe('docs/operations.md', () => {
  test('names what exists', () => {
    expect(brokenLinks(guide, path)).toEqual([]);
    expect(unknownMetrics(guide)).toEqual([]);
    expect(mixedEnvironments(guide)).toEqual([]);
    expect(unknownSettings(guide)).toEqual([]);
  });

  test('has commands that bash can parse, and runs only what it may', () => {
    expect(unparsable(guide)).toEqual([]);
    expect(unfitToRun(guide)).toEqual([]);
  });

  test('has the exit codes that commands end with', () => {
    const rows = [...sectionOf('Exit codes and JSON').matchAll(/^\| (\d) \| (.*) \|$/gm)];
    expect(rows.map(([, code, meaning]) => [code, meaning])).toEqual(Object.entries(exitCodes));
  });

  test('names commands of brownie that exist', () => {
    const commands = brownieCommands(guide);
    expect(commands).toContain('migrate --status');
    const bySubcommand = Map.groupBy(commands, (command) => command.split(' ')[0] ?? '');
    for (const [subcommand, uses] of bySubcommand) {
      const help = helpOf(subcommand);
      const options = uses.flatMap((use) => use.split(' ').slice(1));
      const unknown = options.filter((option) => help?.includes(option) !== true);
      expect([subcommand, help === undefined, unknown]).toEqual([subcommand, false, []]);
    }
  });

  test('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const named = [...guide.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named).toContain('dashboards:generate');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('gives the pool its defaults', () => {
    const configuration = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
    const rows = [...sectionOf('The connection pool').matchAll(/^\| `(METADATA_\w+)` \| `?([^`|]+?)`? \|/gm)];
    expect(rows).toHaveLength(7);
    for (const [, name = '', value = ''] of rows) {
      expect(configuration).toMatch(new RegExp(`\\| \`${name}\` +\\| \`${value}\` +\\|`));
    }
  });

  test('names indexes that the migrations make', () => {
    const folder = join(root, 'migrations/');
    const sql = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
    const named = [...new Set(guide.match(/\bidx_\w+/g))];
    expect(named).toHaveLength(4);
    expect(named.filter((name) => !sql.includes(`index ${name} on `))).toEqual([]);
  });

  test('ships logs by configurations that are YAML, and by fields that a line has', () => {
    const examples = fencesOf(sectionOf('Logging')).filter(({ info }) => info === 'yaml');
    expect(examples).toHaveLength(3);
    for (const { text } of examples) {
      expect(parse(text)).toBeTypeOf('object');
      expect(text).toMatch(/\b(timestamp|level)\b/);
    }
  });

  test('has the contacts of Alertmanager', () => {
    const alertmanager = readFileSync(join(root, 'deploy/alertmanager/alertmanager.yml'), 'utf8');
    const contacts = sectionOf('Contacts').match(/[\w-]+@company\.com|\+1-555-ONCALL/g) ?? [];
    expect(contacts).toHaveLength(4);
    expect(contacts.filter((contact) => !alertmanager.includes(contact))).toEqual([]);
  });

  test('escalates as the rules do', () => {
    for (const { level, afterSeconds, who } of escalationLevels) {
      expect(sectionOf('Escalation')).toContain(`| ${level} | ${who} | after ${afterSeconds / 60} minutes |`);
    }
  });

  test.each([
    ['maintenance mode', 'maintenance'],
    ['read replicas', 'replicas'],
  ])('says that there is no %s yet exactly while brownie has no command for it', (what, command) => {
    const isThere = new RegExp(`^ {2}${command}\\b`, 'm').test(helpOf() ?? '');
    expect(sectionOf('Not yet').includes(what)).toBe(!isThere);
  });
});
