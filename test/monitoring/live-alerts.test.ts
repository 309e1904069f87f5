import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Notification } from '../../monitoring/observe/webhook.ts';
import { type LiveStack, startLiveStack } from './faults/live-stack.ts';
import { startLoad } from './faults/load.ts';
import { runCommands } from './faults/run-runbook.ts';

let stack: LiveStack;
let token: string;
let team: string;

const login = { email: 'ada@example.com', password: 'correct-horse-battery-staple' };

const post = (path: string, body: object): Promise<Response> =>
  fetch(`${stack.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
const newIncident = (): Promise<Response> => post(`/teams/${team}/incidents`, { title: 'Disk full' });
const listIncidents = (): Promise<Response> =>
  fetch(`${stack.url}/api/v1/teams/${team}/incidents`, { headers: { authorization: `Bearer ${token}` } });

beforeAll(async () => {
  stack = await startLiveStack({
    timeScale: 30,
    certificateDays: 29,
    variables: { METADATA_POSTGRES_POOL_SIZE: '10', METADATA_POSTGRES_MAX_OVERFLOW: '0' },
  });
  token = '';
  await post('/auth/signup', {
    ...login,
    username: 'ada',
    organization_name: 'Acme',
    team_name: 'Platform',
  });
  token = ((await (await post('/auth/login', login)).json()) as { access_token: string }).access_token;
  const me = await fetch(`${stack.url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } });
  team = ((await me.json()) as { team_id: string }).team_id;
  const trigger = 'before insert on incidents for each row execute function injected_fault()';
  await stack.sql(
    `create function injected_fault() returns trigger language plpgsql as 'begin return new; end'`,
  );
  await stack.sql(`create trigger injected_fault ${trigger}`);
});
afterAll(() => stack[Symbol.asyncDispose]());

/** Puts a fault into the creation of incidents: a body of PL/pgSQL. */
const inject = (body: string): Promise<void> =>
  stack.sql(
    `create or replace function injected_fault() returns trigger language plpgsql as $$begin ${body} return new; end$$`,
  );

/**
 * The notifications of an alert to the first who is told. @NOTE those that call the next in line are other ones, and a team is
 * told beside whoever is on call.
 */
function about(name: string, since: number): readonly Notification[] {
  const all = stack.notifications
    .slice(since)
    .filter(({ alerts }) =>
      alerts.some(({ labels }) => labels['alertname'] === name && labels['escalation_level'] === undefined),
    );
  return all.filter(({ receiver }) => receiver === all[0]?.receiver);
}
const statusesOf = (name: string, since: number): readonly string[] =>
  about(name, since).map(({ status }) => status);

/**
 * Runs a fault while the alert is awaited, ends it, and awaits the resolution: one notification each, with a link to a runbook
 * that is there.
 */
async function expectAlert(name: string, begin: () => Promise<() => PromiseLike<unknown>>): Promise<void> {
  const since = stack.notifications.length;
  const end = await begin();
  await expect.poll(() => statusesOf(name, since), { timeout: 60_000, interval: 250 }).toEqual(['firing']);
  const [notification] = about(name, since);
  const alert = notification?.alerts.find(({ labels }) => labels['alertname'] === name);
  const link = await fetch(alert?.annotations['runbook_url'] ?? '');
  const runbook = await link.text();
  expect([link.status, runbook.split('\n')[0]]).toEqual([200, `# ${name}`]);
  await expectToRun(runbook, ['Verify', 'Diagnosis']);
  await end();
  await expect
    .poll(() => statusesOf(name, since), { timeout: 90_000, interval: 250 })
    .toEqual(['firing', 'resolved']);
  await expectToRun(runbook, ['Post-checks']);
}

/** Every command of these sections that can be run works, as it stands in the runbook. */
async function expectToRun(runbook: string, sections: readonly string[]): Promise<void> {
  const results = await runCommands(runbook, sections, await stack.operatorVariables());
  expect(results.length).toBeGreaterThan(0);
  expect(results.filter(({ code }) => code !== 0)).toEqual([]);
}

describe('the right alert arrives once, and its end:', () => {
  test('a certificate that is valid for 29 days', async () => {
    await expectAlert('CertificateExpiration', async () => async () => {
      await stack.certificates.renewClient(90);
    });
  });

  test('10 % of requests fail', async () => {
    await expectAlert('HighErrorRate', async () => {
      await inject(`if random() < 0.1 then raise exception 'injected'; end if;`);
      const load = startLoad({ request: newIncident, clients: 4, pauseMs: 20 });
      return async () => {
        await load[Symbol.asyncDispose]();
        await inject('');
        expect([...load.statuses.keys()].toSorted()).toEqual([200, 500]);
        await using _quiet = startLoad({ request: listIncidents, clients: 2, pauseMs: 20 });
        await expect
          .poll(() => stack.prometheus.firing(), { timeout: 60_000 })
          .not.toContain('HighErrorRate');
      };
    });
  });

  test('replies are slow', async () => {
    await expectAlert('HighResponseTime', async () => {
      await inject('perform pg_sleep(2.5);');
      const load = startLoad({ request: newIncident, clients: 9, pauseMs: 10 });
      return async () => {
        await load[Symbol.asyncDispose]();
        await inject('');
      };
    });
  });

  test('the pool is full', async () => {
    await expectAlert('ConnectionPoolExhaustion', async () => {
      await inject('perform pg_sleep(0.3);');
      const load = startLoad({ request: newIncident, clients: 25, pauseMs: 0 });
      return async () => {
        await load[Symbol.asyncDispose]();
        await inject('');
      };
    });
  });

  test('somebody tries passwords', async () => {
    await expectAlert('AuthenticationFailures', async () => {
      const guess = () => post('/auth/login', { ...login, password: 'not the password of ada' });
      const load = startLoad({ request: guess, clients: 2, pauseMs: 100 });
      return () => load[Symbol.asyncDispose]();
    });
  });

  test('Redis is stopped', async () => {
    await expectAlert('RedisDown', async () => {
      await stack.redis.kill();
      return () => stack.redis.start();
    });
  });

  test('the database is stopped', async () => {
    await expectAlert('DatabaseDown', async () => {
      await stack.postgres.stop();
      return () => stack.postgres.start();
    });
  });

  test('the load balancer is stopped', async () => {
    await expectAlert('FrontDown', async () => {
      await stack.endFront();
      return () => stack.startFront();
    });
  });

  test('the process is killed, and nobody is told of the load balancer besides', async () => {
    const since = stack.notifications.length;
    await expectAlert('APIDown', async () => {
      await stack.endService('SIGKILL');
      return () => stack.startService();
    });
    expect(statusesOf('FrontDown', since)).toEqual([]);
  });
});
