import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AlertRule } from '../../monitoring/alert.ts';
import { alerts } from '../../monitoring/catalogue.ts';
import type { Team } from '../../src/operations/incident-log/on-call-policy.ts';
import { run } from './rules/promtool.ts';

const path = join(import.meta.dirname, '../../deploy/alertmanager/alertmanager.yml');
const text = readFileSync(path, 'utf8');

/** Who is told of an alert with these labels. */
async function receivers(labels: Readonly<Record<string, string>>): Promise<string[]> {
  const args = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const { code, output } = await run('amtool', [
    'config',
    'routes',
    'test',
    `--config.file=${path}`,
    ...args,
  ]);
  expect(code, output).toBe(0);
  // @NOTE a line of its own may warn of the amtool.yml of whoever runs this.
  return output.split('\n')[0]?.split(',') ?? [];
}

function promised(alertname: string, team: Team, { severity }: AlertRule): string[] {
  if (alertname === 'Watchdog') {
    return ['dead-mans-switch'];
  }
  return severity === 'critical' && team !== 'oncall' ? ['oncall', team] : [team];
}

const routed = alerts.flatMap(({ name, team, rules }) =>
  rules.map((rule) => [name, rule.severity, team, rule] as const),
);

describe('amtool', () => {
  test('finds no fault in the configuration', async () => {
    expect(await run('amtool', ['check-config', path])).toMatchObject({
      code: 0,
      output: expect.stringContaining('SUCCESS'),
    });
  });

  test.concurrent.each(routed)(
    'leads %s, %s, to who answers it: %s',
    async (alertname, severity, team, rule) => {
      const labels = { alertname, severity, team, ...rule.labels };
      expect(await receivers(labels)).toEqual(promised(alertname, team, rule));
    },
  );

  test.each(['2', '3', '4'])('leads an escalation to level %s alone', async (level) => {
    const labels = { alertname: 'APIDown', severity: 'critical', team: 'oncall', escalation_level: level };
    expect(await receivers(labels)).toEqual([`escalation-${level}`]);
  });

  test('leads what bears none of our labels to somebody', async () => {
    expect(await receivers({ alertname: 'SomebodyElses' })).toEqual(['infrastructure']);
  });
});

interface Config {
  readonly receivers: readonly {
    readonly name: string;
    readonly email_configs?: readonly { readonly to: string; readonly send_resolved: boolean }[];
    readonly pagerduty_configs?: readonly {
      readonly details: { readonly telephone: string; readonly who: string };
    }[];
  }[];
}

describe('the receivers', () => {
  const config = parse(text) as Config;
  const receiver = (name: string) => config.receivers.find((entry) => entry.name === name);

  test.each([
    ['database', 'db-team@company.com'],
    ['security', 'security@company.com'],
    ['infrastructure', 'infra@company.com'],
  ])('%s has mail at %s, when it begins and when it ends', (name, to) => {
    expect(receiver(name)?.email_configs).toMatchObject([{ to, send_resolved: true }]);
  });

  test.each([
    ['oncall', 'on-call engineer', '+1-555-ONCALL'],
    ['escalation-2', 'senior engineer', '+1-555-SENIOR'],
    ['escalation-3', 'engineering manager', '+1-555-MANAGER'],
    ['escalation-4', 'CTO', '+1-555-CTO'],
  ])('%s rings the %s', (name, who, telephone) => {
    expect(receiver(name)?.pagerduty_configs).toMatchObject([{ details: { telephone, who } }]);
  });

  test('name files for their secrets and hold none', () => {
    expect(text).toMatch(/smtp_auth_password_file: secrets\//);
    expect(text).not.toMatch(/(routing_key|smtp_auth_password|service_key): /);
  });
});
