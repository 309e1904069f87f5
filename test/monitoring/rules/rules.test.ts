import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { alertsFor, recordingsFor } from '../../../monitoring/render/needed.ts';
import type { TestFile } from '../../../monitoring/render/promtool.ts';
import type { Rule, RuleFile } from '../../../monitoring/render/rule-file.ts';
import { run } from './promtool.ts';

const folder = join(import.meta.dirname, '../../../deploy/prometheus/');
const read = (path: string): unknown => parse(readFileSync(join(folder, path), 'utf8'));
const scratch = mkdtempSync(join(tmpdir(), 'brownie-rules-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** The committed rules that a test is about, and those that they read: evaluating all of them takes minutes. */
function rulesOf(testName: string, ruleFile: string): RuleFile {
  const { groups } = read(join('tests', ruleFile)) as RuleFile;
  const [about = ''] = testName.split('-');
  const exprs = (read('rules/alerts.yml') as RuleFile).groups.flatMap(({ rules }) =>
    rules.filter(({ alert }) => alert === about).map(({ expr }) => expr),
  );
  const asked = alertsFor(exprs);
  const all = [...exprs, ...asked.flatMap(({ rules }) => rules.map(({ expr }) => expr))];
  const needed = new Set([
    about,
    ...asked.map(({ name }) => name),
    ...recordingsFor(all).map(({ name }) => name),
  ]);
  const isWanted = ({ alert, record }: Rule): boolean =>
    ['recordings', 'histories'].includes(about) || needed.has(alert ?? record ?? '');
  return { groups: groups.map((group) => ({ ...group, rules: group.rules.filter(isWanted) })) };
}

describe('promtool', () => {
  test('finds no fault in the configuration and the rules', async () => {
    const config = await run('promtool', [
      'check',
      'config',
      '--lint=all',
      '--lint-fatal',
      `${folder}prometheus.yml`,
    ]);
    expect(config).toMatchObject({ code: 0, output: expect.not.stringContaining('WARNING') });
    expect(config.output).toContain('3 rule files found');
  });

  test.concurrent.each(readdirSync(join(folder, 'tests')))(
    'passes %s',
    { timeout: 600_000 },
    async (file) => {
      const tests = read(`tests/${file}`) as TestFile;
      const ruleFiles = tests.rule_files.map((ruleFile, index) => {
        const name = `${file}-rules-${index}.yml`;
        writeFileSync(join(scratch, name), stringify(rulesOf(file, ruleFile)));
        return name;
      });
      writeFileSync(join(scratch, file), stringify({ ...tests, rule_files: ruleFiles }));
      const { code, output } = await run('promtool', ['test', 'rules', join(scratch, file)]);
      expect(code, output).toBe(0);
      expect(output).toContain('SUCCESS');
    },
  );
});
