import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startAlertmanager } from './observe/alertmanager.ts';
import { generateMonitoring } from './observe/generate.ts';
import { startPrometheus } from './observe/prometheus.ts';
import { generateTraffic } from './observe/traffic.ts';
import { type Notification, startWebhook } from './observe/webhook.ts';

/**
 * `npm run observe`: Prometheus and Alertmanager, with the rules of `deploy/`, against a service that runs; a little traffic;
 * alerts are printed as they come. Everything it keeps is in `.brownie/observe`.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:8080' },
    directory: { type: 'string', default: '.brownie/observe' },
    'prometheus-port': { type: 'string', default: '9090' },
    'alertmanager-port': { type: 'string', default: '9093' },
    'time-scale': { type: 'string', default: '1' },
    'no-traffic': { type: 'boolean', default: false },
  },
});

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function tell({ status, alerts }: Notification): void {
  for (const { labels, annotations } of alerts) {
    if (labels['alertname'] !== 'Watchdog') {
      say(`${status.toUpperCase()} ${labels['severity']} ${labels['alertname']}: ${annotations['summary']}`);
      say(`  ${annotations['runbook_url']}`);
    }
  }
}

const isRunning = await fetch(`${values.url}/health/live`).then(
  ({ ok }) => ok,
  () => false,
);
if (!isRunning) {
  say(`Nothing answers at ${values.url}: run \`npm start\` in another terminal first, or name it with --url`);
  process.exit(1);
}

const directory = resolve(values.directory);
await mkdir(directory, { recursive: true });
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stopped.abort());
}

await using resources = new AsyncDisposableStack();
const webhook = resources.use(await startWebhook(tell));
await generateMonitoring({
  directory,
  targets: [new URL(values.url).host],
  alertmanager: `127.0.0.1:${values['alertmanager-port']}`,
  webhook: webhook.url,
  runbooks: new URL('../docs/runbooks', import.meta.url).href,
  timeScale: Number(values['time-scale']),
});
const alertmanager = resources.use(
  await startAlertmanager({
    configFile: `${directory}/deploy/alertmanager/alertmanager.yml`,
    directory,
    port: Number(values['alertmanager-port']),
  }),
);
const prometheus = resources.use(
  await startPrometheus({
    configFile: `${directory}/deploy/prometheus/prometheus.yml`,
    directory,
    port: Number(values['prometheus-port']),
  }),
);
say(`
  Prometheus      ${prometheus.url}/alerts
  Alertmanager    ${alertmanager.url}
  Service         ${values.url}/metrics
  Stop            Ctrl-C

Alerts are printed here as they come. Stop the service, or the database, and see.
`);
await (values['no-traffic']
  ? new Promise((done) => {
      stopped.signal.addEventListener('abort', done);
    })
  : generateTraffic(values.url, `${directory}/login.json`, stopped.signal));
