import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LiveStack, startLiveStack } from './faults/live-stack.ts';
import { startLoad } from './faults/load.ts';

const timeScale = 20;
/** So many minutes of the rules, as long as they take here. */
const minutes = (count: number): Promise<void> => delay((count * 60_000) / timeScale);

let stack: LiveStack;
let token: string;
beforeAll(async () => {
  stack = await startLiveStack({ timeScale, certificateDays: 90 });
  const signup = await fetch(`${stack.url}/api/v1/auth/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: 'ada@example.com',
      password: 'correct-horse-battery-staple',
      username: 'ada',
      organization_name: 'Acme',
      team_name: 'Platform',
    }),
  });
  token = ((await signup.json()) as { access_token: string }).access_token;
}, 120_000);
afterAll(() => stack[Symbol.asyncDispose]());

/** Who has been called for what so far, in order, each once: `oncall: DatabaseDown`. Tickets call nobody. */
const called = (): readonly string[] => [
  ...new Set(
    stack.notifications
      .filter(({ status, receiver }) => status === 'firing' && /^(oncall|escalation-\d)$/.test(receiver))
      .flatMap(({ receiver, alerts }) =>
        alerts
          .filter(({ labels }) => labels['severity'] === 'critical')
          .map(({ labels }) => `${receiver}: ${labels['alertname']}`),
      ),
  ),
];

test('an outage of 20 minutes pages once, calls the next in line after 15, and nobody once it is over', {
  timeout: 600_000,
}, async () => {
  const who = (): Promise<Response> =>
    fetch(`${stack.url}/api/v1/auth/me`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(30_000),
    });
  // @NOTE one a second: with as few, the alert of the cause comes before those of its symptoms on a slow machine, too.
  await using load = startLoad({ request: who, clients: 1, pauseMs: 1_000 });
  await minutes(10);
  await stack.postgres.stop();
  await expect
    .poll(called, { timeout: 150_000 })
    .toEqual(['oncall: DatabaseDown', 'escalation-2: DatabaseDown']);
  await minutes(3);
  await stack.postgres.start();
  const calls = stack.notifications.length;
  // @NOTE longer than the slowest page looks back for what goes on.
  await minutes(40);

  expect(load.statuses.get(503)).toBeGreaterThan(10);
  expect(called()).toEqual(['oncall: DatabaseDown', 'escalation-2: DatabaseDown']);
  const afterwards = stack.notifications
    .slice(calls)
    .flatMap(({ receiver, status, alerts }) =>
      alerts.map(({ labels }) => `${receiver}: ${labels['alertname']} ${labels['severity']} ${status}`),
    );
  expect(afterwards).toContain('oncall: DatabaseDown critical resolved');
  expect(
    await stack.prometheus.value('count(ALERTS{alertstate="firing",severity="critical"})'),
  ).toBeUndefined();
});
