import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { TestFile } from '../../monitoring/render/promtool.ts';
import type { RuleFile } from '../../monitoring/render/rule-file.ts';
import { ruleTestFaults, type Tested } from '../harness/rule-test-faults.ts';

const folder = join(import.meta.dirname, '../../deploy/prometheus/tests');
const read = (path: string): unknown => parse(readFileSync(join(folder, path), 'utf8'));

function testedBy(file: string): Tested {
  const tests = read(file) as TestFile;
  const rules = tests.rule_files.map(
    (pattern) =>
      [pattern, existsSync(join(folder, pattern)) ? (read(pattern) as RuleFile) : undefined] as const,
  );
  return { test: tests, rules: new Map(rules) };
}

test.each(readdirSync(folder))('%s tests what there is', (file) => {
  expect(ruleTestFaults(testedBy(file))).toEqual([]);
});

describe('what promtool passes over is found:', () => {
  const sound: Tested = {
    test: {
      rule_files: ['rules.yml'],
      evaluation_interval: '15s',
      group_eval_order: ['recordings', 'alerts'],
      tests: [
        {
          name: 'quiet',
          interval: '1m',
          input_series: [],
          alert_rule_test: [{ eval_time: '1m', alertname: 'DiskFull', exp_alerts: [] }],
          promql_expr_test: [{ eval_time: '1m', expr: 'disk:used:ratio', exp_samples: [] }],
        },
      ],
    },
    rules: new Map([
      [
        'rules.yml',
        {
          groups: [
            {
              name: 'recordings',
              interval: '1m',
              rules: [{ record: 'disk:used:ratio', expr: 'used / size' }],
            },
            {
              name: 'alerts',
              rules: [{ alert: 'DiskFull', expr: 'avg_over_time(disk:used:ratio[5m]) > 0.9' }],
            },
          ],
        },
      ],
    ]),
  };
  const changed = (from: string, to: string): Tested => {
    const { test, rules } = sound;
    const edit = <T>(part: T): T => JSON.parse(JSON.stringify(part).replaceAll(from, to)) as T;
    return from === 'rules.yml'
      ? { test, rules: new Map([[from, undefined]]) }
      : { test: edit(test), rules: new Map([...rules].map(([pattern, file]) => [pattern, edit(file)])) };
  };

  test('nothing where nothing is wrong', () => {
    expect(ruleTestFaults(sound)).toEqual([]);
  });

  test.each([
    ['"alertname":"DiskFull"', '"alertname":"DiskFul"', 'no rule has the alert DiskFul'],
    ['"record":"disk:used:ratio"', '"record":"disk:used"', 'no rule records disk:used:ratio'],
    ['rules.yml', '', 'no file matches rules.yml'],
    ['"name":"alerts"', '"name":"alerting"', 'the group alerting has no place in the order'],
    [
      '"interval":"1m","rules"',
      '"interval":"5m","rules"',
      'the group recordings is evaluated every 5m, too seldom',
    ],
    ['[5m]', '[1m]', 'disk:used:ratio[1m] is narrower than two evaluations of its group'],
  ])('%s as %s', (from, to, fault) => {
    expect(ruleTestFaults(changed(from, to))).toContain(fault);
  });
});
