import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { defaultOptions, monitoringFiles } from '../../monitoring/generate/files.ts';
import { type Alertmanager, startAlertmanager } from '../../monitoring/observe/alertmanager.ts';
import { type Notification, startWebhook, type Webhook } from '../../monitoring/observe/webhook.ts';
import { freePort } from '../../src/platform/system/free-port.ts';

type Labels = Readonly<Record<string, string>>;

const directory = mkdtempSync(join(tmpdir(), 'brownie-alertmanager-'));
const notifications: Notification[] = [];
let webhook: Webhook;
let alertmanager: Alertmanager;

beforeAll(async () => {
  webhook = await startWebhook((notification) => notifications.push(notification));
  const options = { ...defaultOptions, timeScale: 60, webhook: webhook.url };
  const configFile = join(directory, 'alertmanager.yml');
  writeFileSync(configFile, monitoringFiles(options).get('deploy/alertmanager/alertmanager.yml') ?? '');
  alertmanager = await startAlertmanager({ configFile, directory, port: await freePort() });
});

afterAll(async () => {
  await alertmanager[Symbol.asyncDispose]();
  await webhook[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

async function post(path: string, body: unknown): Promise<void> {
  const response = await fetch(`${alertmanager.url}/api/v2/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status, await response.text()).toBe(200);
}

const fire = (...all: readonly Labels[]): Promise<void> =>
  post(
    'alerts',
    all.map((labels) => ({ labels })),
  );

/** Who was told of what so far, each once: `oncall: DatabaseDown`. */
const told = (): string[] => [
  ...new Set(
    notifications.flatMap(({ receiver, alerts }) =>
      alerts.map(({ labels }) => `${receiver}: ${labels['alertname']}`),
    ),
  ),
];

/** Resolves when somebody was told. What was sent before it has then been told of, too, or never will be. */
const toldOf = (entry: string): Promise<void> =>
  vi.waitFor(() => expect(told()).toContain(entry), { timeout: 120_000, interval: 50 });

const critical = (alertname: string, team: string): Labels => ({ alertname, severity: 'critical', team });

describe('Alertmanager', () => {
  test('pages and writes to the team, and leaves out what the outage explains', async () => {
    await fire(
      critical('DatabaseDown', 'database'),
      critical('HighErrorRate', 'oncall'),
      { ...critical('HighErrorRate', 'oncall'), escalation_level: '2' },
      { alertname: 'PoolWait', severity: 'warning', team: 'database' },
    );
    await toldOf('oncall: DatabaseDown');
    await fire({ alertname: 'CertificateExpiration', severity: 'warning', team: 'infrastructure' });
    await toldOf('infrastructure: CertificateExpiration');
    expect(told().toSorted()).toEqual([
      'database: DatabaseDown',
      'infrastructure: CertificateExpiration',
      'oncall: DatabaseDown',
    ]);
  });

  test('lets no environment explain, or silence, the alerts of another', async () => {
    const staging = { environment: 'staging' };
    const production = { environment: 'production' };
    await post('silences', {
      matchers: [
        { name: 'alertname', value: 'TokenIssuanceSpike', isRegex: false },
        { name: 'environment', value: 'staging', isRegex: false },
      ],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'on-call',
      comment: 'on it',
    });
    await fire(
      { ...critical('APIDown', 'oncall'), ...staging },
      { ...critical('HighResponseTime', 'oncall'), ...staging },
      { alertname: 'TokenIssuanceSpike', severity: 'warning', team: 'security', ...staging },
      { alertname: 'TokenIssuanceSpike', severity: 'warning', team: 'security', ...production },
      { ...critical('DatabaseDown', 'database'), ...production },
    );
    const sent = () =>
      notifications.flatMap(({ receiver, alerts }) =>
        alerts.map(({ labels }) => `${receiver}: ${labels['alertname']} in ${labels['environment']}`),
      );
    const expected = [
      'oncall: APIDown in staging',
      'oncall: DatabaseDown in production',
      'database: DatabaseDown in production',
      'security: TokenIssuanceSpike in production',
    ];
    await vi.waitFor(() => expect(sent()).toEqual(expect.arrayContaining(expected)), {
      timeout: 120_000,
      interval: 50,
    });
    expect(sent().filter((entry) => /HighResponseTime|Spike in staging/.test(entry))).toEqual([]);
  });

  test('calls the next level, unless somebody has acknowledged the alert', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    await post('silences', {
      matchers: [{ name: 'alertname', value: 'AuthenticationFailures', isRegex: false }],
      startsAt: new Date().toISOString(),
      endsAt: inAnHour,
      createdBy: 'on-call',
      comment: 'on it',
    });
    await fire({ ...critical('AuthenticationFailures', 'security'), escalation_level: '2' });
    await fire({ ...critical('CertificateExpirationCritical', 'infrastructure'), escalation_level: '2' });
    await toldOf('escalation-2: CertificateExpirationCritical');
    expect(told().filter((entry) => entry.includes('AuthenticationFailures'))).toEqual([]);
  });

  test('calls the dead man’s switch again and again', async () => {
    await fire({ alertname: 'Watchdog', severity: 'none', team: 'infrastructure' });
    const calls = () => notifications.filter(({ receiver }) => receiver === 'dead-mans-switch').length;
    await vi.waitFor(() => expect(calls()).toBeGreaterThanOrEqual(3), { timeout: 120_000, interval: 50 });
    expect(told().filter((entry) => entry.includes('Watchdog'))).toEqual(['dead-mans-switch: Watchdog']);
  });
});
