import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { startAlertmanager } from '../../monitoring/observe/alertmanager.ts';
import type { Receiver } from '../../monitoring/render/receivers.ts';
import type { RuleFile } from '../../monitoring/render/rule-file.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import { temporaryFolder } from '../acceptance/service-process.ts';

/** What the Events API v2 of PagerDuty is sent. */
interface PagerEvent {
  readonly payload: { readonly summary: string; readonly custom_details: Readonly<Record<string, string>> };
  readonly links: readonly { readonly href: string }[];
}

const deployed = join(import.meta.dirname, '../../deploy');
const read = async (path: string): Promise<unknown> => parse(await readFile(join(deployed, path), 'utf8'));

/** The service of a pager, on a free port. */
async function startPager() {
  const events: PagerEvent[] = [];
  const server = createServer(async (request, reply) => {
    events.push((await json(request)) as PagerEvent);
    reply.writeHead(202).end('{"status":"success"}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    events,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/enqueue`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

test('two windows of one alert are one call, and the pager shows what both say', async () => {
  await using folder = await temporaryFolder();
  await using pager = await startPager();
  const config = (await read('alertmanager/alertmanager.yml')) as {
    route: object;
    receivers: readonly Receiver[];
  };
  const receivers = config.receivers.map((receiver) => ({
    ...receiver,
    ...(receiver.pagerduty_configs === undefined
      ? {}
      : { pagerduty_configs: receiver.pagerduty_configs.map((each) => ({ ...each, url: pager.url })) }),
  }));
  await mkdir(join(folder.path, 'secrets'));
  for (const name of [
    'smtp-password',
    'pager-routing-key',
    ...[2, 3, 4].map((n) => `pager-routing-key-level-${n}`),
  ]) {
    await writeFile(join(folder.path, 'secrets', name), 'key');
  }
  const configFile = join(folder.path, 'alertmanager.yml');
  await writeFile(
    configFile,
    stringify({ ...config, route: { ...config.route, group_wait: '1s' }, receivers }),
  );
  await using alertmanager = await startAlertmanager({
    configFile,
    directory: folder.path,
    port: await freePort(),
  });

  const { groups } = (await read('prometheus/rules/alerts.yml')) as RuleFile;
  const alerts = groups
    .flatMap(({ rules }) => rules)
    .filter(({ alert, labels }) => alert === 'ErrorBudgetBurn' && labels?.['severity'] === 'critical')
    .map(({ labels = {}, annotations = {} }) => ({
      labels: { ...labels, alertname: 'ErrorBudgetBurn', environment: 'production' },
      annotations: {
        ...annotations,
        description: `${labels['long_window']}: ${annotations['description']}`,
      },
    }));
  expect(alerts).toHaveLength(2);
  await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });

  await expect.poll(() => pager.events.length, { timeout: 20_000 }).toBe(1);
  const [event] = pager.events;
  const details = event?.payload.custom_details ?? {};
  expect(details['description']?.trim().split('\n').toSorted()).toEqual(
    alerts.map(({ annotations }) => annotations.description).toSorted(),
  );
  expect(event?.payload.summary).toMatch(/^ErrorBudgetBurn: ./);
  for (const name of ['next_step', 'runbook', 'acknowledge']) {
    expect([name, details[name] ?? '']).toEqual([name, expect.stringMatching(/./)]);
  }
});
