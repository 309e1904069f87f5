import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { startAlertmanager } from '../../../monitoring/observe/alertmanager.ts';
import { generateMonitoring } from '../../../monitoring/observe/generate.ts';
import { startProber } from '../../../monitoring/observe/prober.ts';
import { type Prometheus, startPrometheus } from '../../../monitoring/observe/prometheus.ts';
import { type Notification, startWebhook } from '../../../monitoring/observe/webhook.ts';
import { type Balancer, startBalancer } from '../../../src/operations/balancing/index.ts';
import { withDatabase } from '../../../src/platform/database/dsn.ts';
import { freePort } from '../../../src/platform/system/free-port.ts';
import { until } from '../../../src/platform/system/until.ts';
import { type ServiceProcess, startService, temporaryFolder } from '../../acceptance/service-process.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { type OwnPostgres, ownPostgres } from './own-postgres.ts';
import { type OwnRedis, ownRedis } from './own-redis.ts';

/** The service with everything around it, each a real process; faults are put into what it depends on. */
export interface LiveStack extends AsyncDisposable {
  readonly url: string;
  readonly postgres: OwnPostgres;
  readonly redis: OwnRedis;
  readonly certificates: Certificates;
  readonly prometheus: Prometheus;
  /** What Alertmanager has sent so far. */
  readonly notifications: readonly Notification[];
  /** The database as its superuser; a new connection a call, since the database goes and comes. */
  sql(statement: string): Promise<void>;
  /** What a query of one column has, as text. */
  column(query: string): Promise<readonly string[]>;
  startService(): Promise<void>;
  endService(signal: NodeJS.Signals): Promise<void>;
  /** The load balancer before the service, which the prober asks. */
  startFront(): Promise<void>;
  endFront(): Promise<void>;
  /** The variables that commands in runbooks use; the log is a file with what the service wrote since its start. */
  operatorVariables(): Promise<Readonly<Record<string, string>>>;
}

const root = join(import.meta.dirname, '../../..');

export interface LiveStackOptions {
  /** By how much windows and waits of the rules are shortened. */
  readonly timeScale: number;
  /** How long the client certificate of the service is valid. */
  readonly certificateDays: number;
  readonly variables?: Readonly<Record<string, string>>;
}

export async function startLiveStack(options: LiveStackOptions): Promise<LiveStack> {
  await using resources = new AsyncDisposableStack();
  const { path: directory } = resources.use(await temporaryFolder());
  const certificates = await makeCertificates(directory, options.certificateDays);
  const postgres = resources.use(
    await ownPostgres(directory, {
      ssl: 'on',
      ssl_ca_file: certificates.ca,
      ssl_cert_file: certificates.server.certificate,
      ssl_key_file: certificates.server.key,
      // The supervisor's log stays readable: failures here are made on purpose.
      log_min_messages: 'fatal',
    }),
  );
  const redis = resources.use(await ownRedis(directory));
  const [servicePort, prometheusPort, alertmanagerPort, proberPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const tls = new URLSearchParams({
    sslmode: 'verify-full',
    sslrootcert: certificates.ca,
    sslcert: certificates.client.certificate,
    sslkey: certificates.client.key,
  });
  const variables = {
    METADATA_POSTGRES_DSN: `${postgres.serviceDsn}?${tls}`,
    METADATA_REDIS_URL: redis.url,
    METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
    METADATA_HOST: '127.0.0.1',
    METADATA_PORT: String(servicePort),
    METADATA_OPERATOR_TOKEN: 'the-token-of-the-operators-0123456789',
    ...options.variables,
  };
  let service: ServiceProcess | undefined;
  const endService = async (signal: NodeJS.Signals): Promise<void> => {
    await service?.end(signal);
    service = undefined;
  };
  const start = async (): Promise<void> => {
    service = await startService(variables);
  };
  await start();
  resources.defer(() => endService('SIGTERM'));

  const balancerPorts = [await freePort(), await freePort()] as const;
  const [frontPort, haproxyPort] = balancerPorts;
  const serviceAddress = `127.0.0.1:${servicePort}`;
  let front: Balancer | undefined;
  const endFront = async (): Promise<void> => {
    await front?.[Symbol.asyncDispose]();
    front = undefined;
  };
  const startFront = async (): Promise<void> => {
    front = await startBalancer('haproxy', {
      directory,
      instances: [serviceAddress, serviceAddress, serviceAddress],
      ports: balancerPorts,
    });
  };
  await startFront();
  resources.defer(endFront);
  resources.use(await startProber({ directory, port: proberPort }));

  const notifications: Notification[] = [];
  const webhook = resources.use(await startWebhook((each) => notifications.push(each)));
  await generateMonitoring({
    directory,
    targets: [serviceAddress],
    front: `http://127.0.0.1:${frontPort}/health/live`,
    prober: `127.0.0.1:${proberPort}`,
    haproxy: `127.0.0.1:${haproxyPort}`,
    alertmanager: `127.0.0.1:${alertmanagerPort}`,
    webhook: webhook.url,
    timeScale: options.timeScale,
  });
  const alertmanager = resources.use(
    await startAlertmanager({
      configFile: `${directory}/deploy/alertmanager/alertmanager.yml`,
      directory,
      port: alertmanagerPort,
    }),
  );
  const prometheus = resources.use(
    await startPrometheus({
      configFile: `${directory}/deploy/prometheus/prometheus.yml`,
      directory,
      port: prometheusPort,
    }),
  );
  // What was served before the first scrape is no rise of any counter.
  await until(async () => (await prometheus.value('count(up == 1)')) === 3, {
    timeoutMs: 10_000,
    everyMs: 100,
  });
  const query = async (text: string): Promise<pg.QueryArrayResult> => {
    const client = new pg.Client({ connectionString: withDatabase(postgres.superuserDsn, 'brownie') });
    await client.connect();
    try {
      return await client.query({ text, rowMode: 'array' });
    } finally {
      await client.end();
    }
  };
  const running = resources.move();
  const url = `http://127.0.0.1:${servicePort}`;
  return {
    url,
    postgres,
    redis,
    certificates,
    prometheus,
    notifications,
    async sql(statement) {
      await query(statement);
    },
    async column(statement) {
      return (await query(statement)).rows.flat().map(String);
    },
    startService: start,
    endService,
    startFront,
    endFront,
    async operatorVariables() {
      const log = `${directory}/service.log`;
      await writeFile(log, service?.output() ?? '');
      return {
        ...variables,
        PATH: `${root}/bin:${process.env['PATH']}`,
        BROWNIE_URL: url,
        FRONT_URL: `http://127.0.0.1:${frontPort}`,
        HAPROXY_URL: `http://127.0.0.1:${haproxyPort}`,
        PROMETHEUS_URL: prometheus.url,
        ALERTMANAGER_URL: alertmanager.url,
        OPERATOR_TOKEN: variables.METADATA_OPERATOR_TOKEN,
        LOG: log,
      };
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
