import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { startAlertmanager } from './alertmanager.ts';
import { generateMonitoring } from './generate.ts';
import { readOptions } from './options.ts';
import { startProber } from './prober.ts';
import { startPrometheus } from './prometheus.ts';
import { generateTraffic } from './traffic.ts';
import { type Notification, startWebhook } from './webhook.ts';

/**
 * `npm run observe`: Prometheus, Alertmanager and a prober, with the rules of `deploy/`, against a service that runs; a little traffic;
 * alerts are printed as they come. Everything it keeps is in `.brownie/observe`.
 */
const options = readOptions(process.argv.slice(2));

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function refuse(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function tell({ status, alerts }: Notification): void {
  for (const { labels, annotations } of alerts) {
    if (labels['alertname'] !== 'Watchdog') {
      say(`${status.toUpperCase()} ${labels['severity']} ${labels['alertname']}: ${annotations['summary']}`);
      say(`  ${annotations['runbook_url']}`);
    }
  }
}

/** Whether somebody listens at a port of this machine already. */
const isPortTaken = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(true));
    server.listen(port, '127.0.0.1', () => server.close(() => done(false)));
  });

const isRunning = await fetch(`${options.url}/health/live`).then(
  ({ ok }) => ok,
  () => false,
);
if (!isRunning) {
  refuse(
    `Nothing answers at ${options.url}: run \`npm start\` in another terminal first, or name it with --url`,
  );
}
for (const [name, port] of [
  ['prometheus', options.prometheusPort],
  ['alertmanager', options.alertmanagerPort],
  ['prober', options.proberPort],
] as const) {
  if (await isPortTaken(port)) {
    refuse(`Somebody listens at port ${port} already: choose another one with --${name}-port`);
  }
}

const directory = resolve(options.directory);
await mkdir(directory, { recursive: true });
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stopped.abort());
}

const untilStopped = (): Promise<unknown> =>
  stopped.signal.aborted
    ? Promise.resolve()
    : new Promise((done) => {
        stopped.signal.addEventListener('abort', done);
      });

await using resources = new AsyncDisposableStack();
const webhook = resources.use(await startWebhook(tell));
await generateMonitoring({
  directory,
  targets: [new URL(options.url).host],
  front: `${options.url}/health/live`,
  prober: `127.0.0.1:${options.proberPort}`,
  alertmanager: `127.0.0.1:${options.alertmanagerPort}`,
  webhook: webhook.url,
  timeScale: options.timeScale,
});
const alertmanager = resources.use(
  await startAlertmanager({
    configFile: `${directory}/deploy/alertmanager/alertmanager.yml`,
    directory,
    port: options.alertmanagerPort,
  }),
);
resources.use(await startProber({ directory, port: options.proberPort }));
const prometheus = resources.use(
  await startPrometheus({
    configFile: `${directory}/deploy/prometheus/prometheus.yml`,
    directory,
    port: options.prometheusPort,
  }),
);
say(`
  Prometheus      ${prometheus.url}/alerts
  Alertmanager    ${alertmanager.url}
  Service         ${options.url}/metrics
  Stop            Ctrl-C

Alerts are printed here as they come. Stop the service, or the database, and see.
`);
await (options.traffic
  ? generateTraffic(options.url, `${directory}/login.json`, stopped.signal).catch((error: unknown) => {
      process.stderr.write(`No traffic: ${error instanceof Error ? error.message : String(error)}\n`);
      return untilStopped();
    })
  : untilStopped());
