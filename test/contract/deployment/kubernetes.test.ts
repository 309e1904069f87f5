import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileVariable, settings } from '../../../src/config/settings.ts';
import { configOf } from './config-of.ts';
import { schemaFaults } from './kubernetes-schema.ts';
import { documentsOf, filesOf, kustomize, type Resource } from './kustomize.ts';
import { filesIn, root, textOf, version } from './repository.ts';
import { at, type Container, environmentOf, matches, only, type Pod, podsOf } from './workloads.ts';

const folder = join(root, 'deploy/kubernetes');
const environments = ['staging', 'production'];
const overlay = (...path: readonly string[]): string => join(folder, 'overlays', ...path);
const user = Number(/^USER (\d+):/m.exec(textOf('Dockerfile'))?.[1]);
const secretNames = Object.values(settings)
  .filter(({ secret }) => secret)
  .map(({ name }) => name);

const rules = kustomize(join(folder, 'rules'));
const tls = join(folder, 'components/tls');

test('every file belongs to an overlay, to the rules or to a component', () => {
  const used = [
    ...environments.flatMap((environment) => [
      ...filesOf(overlay(environment)),
      ...filesOf(overlay(environment, 'migration')),
      overlay(environment, 'namespace.yaml'),
    ]),
    ...filesOf(join(folder, 'rules')),
    ...filesOf(tls),
  ];
  const there = filesIn('deploy/kubernetes').map((path) => join(root, path));
  expect(there.filter((path) => !used.includes(path))).toEqual([]);
});

test('all that is applied has the rules of Prometheus once, every one', () => {
  const groups = ['recordings', 'alerts', 'escalation'].flatMap(
    (name) => at(documentsOf(join(root, `deploy/prometheus/rules/${name}.yml`))[0], 'groups') as object[],
  );
  const all = [...rules, ...environments.flatMap((environment) => kustomize(overlay(environment)))];
  const applied = all.filter(({ kind }) => kind === 'PrometheusRule');
  expect(applied.map(({ metadata }) => metadata.namespace)).toEqual(['monitoring']);
  expect(applied.map((resource) => at(resource, 'spec', 'groups'))).toEqual([groups]);
});

describe.each(environments)('%s', (environment) => {
  const service = kustomize(overlay(environment));
  const migration = kustomize(overlay(environment, 'migration'));
  const all = [...service, ...migration];
  const pods = podsOf(all);
  const deployment = only(service, 'Deployment', 'brownie-metadata-api');
  const [
    {
      containers: [api],
      labels,
    },
  ] = podsOf([deployment]) as [Pod & { containers: [Container] }];
  const { config } = configOf(environmentOf(api, service));

  test('is what the schemas of Kubernetes ask for', () => {
    const [namespace] = documentsOf(overlay(environment, 'namespace.yaml')) as [Resource];
    const checked = [namespace, ...all].map((each) => [each.kind, schemaFaults(each)] as const);
    expect(checked.filter(([, faults]) => faults?.length !== 0)).toEqual([
      ['ServiceMonitor', undefined],
      ['Probe', undefined],
    ]);
  });

  test('is all in one namespace, under the strictest standard for pods', () => {
    const [namespace] = documentsOf(overlay(environment, 'namespace.yaml')) as [Resource];
    expect(namespace.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    expect(new Set(all.map(({ metadata }) => metadata.namespace))).toEqual(
      new Set([namespace.metadata.name]),
    );
  });

  test('runs this version everywhere', () => {
    const images = pods.flatMap(({ containers }) => containers.map(({ image }) => image));
    expect(images).toHaveLength(4);
    for (const image of images) {
      expect(image).toMatch(
        new RegExp(`^registry\\.example\\.com/brownie/brownie-metadata-(api|operations):${version}$`),
      );
    }
  });

  test('gives pods no right that they do not need', () => {
    for (const { spec, containers } of pods) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: user,
          fsGroup: user,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      });
      for (const container of containers) {
        expect(container).toMatchObject({
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          resources: {
            requests: { cpu: expect.any(String), memory: expect.any(String) },
            limits: { memory: expect.any(String) },
          },
        });
      }
    }
  });

  test('mounts what is there, and secrets for the group alone', () => {
    for (const { containers, volumes } of pods) {
      const names = volumes.map(({ name }) => name);
      const mounted = containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name));
      expect(new Set(mounted)).toEqual(new Set(names));
      for (const { secret, persistentVolumeClaim } of volumes) {
        expect(secret?.defaultMode ?? 0o440).toBe(0o440);
        if (persistentVolumeClaim !== undefined) {
          only(all, 'PersistentVolumeClaim', persistentVolumeClaim.claimName);
        }
      }
    }
  });

  test('configures each container without a fault or a warning, and with secrets in files alone', () => {
    for (const container of pods.flatMap(({ containers }) => containers)) {
      const variables = environmentOf(container, all);
      expect(configOf(variables).warnings).toEqual([]);
      expect(Object.keys(variables).filter((name) => secretNames.includes(name))).toEqual([]);
      const files = secretNames
        .map((name) => variables[fileVariable(name)])
        .filter((path) => path !== undefined);
      const mounts = container.volumeMounts.map(({ mountPath }) => `${mountPath}/`);
      expect(files.filter((path) => !mounts.some((mount) => path.startsWith(mount)))).toEqual([]);
    }
  });

  test('restarts one by one, after the new one is ready, and gives the old one its time', () => {
    expect(deployment['spec']).toMatchObject({
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    });
    const grace = at(deployment, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds');
    const { drainSeconds, stopTimeoutSeconds } = config.lifecycle;
    expect(grace).toBeGreaterThan(drainSeconds + stopTimeoutSeconds);
    // Readiness has to fail while the pod still serves, and what routes to it has to hear of that.
    const { periodSeconds = 0, failureThreshold = 0 } = api.readinessProbe ?? {};
    expect(drainSeconds).toBeGreaterThan(periodSeconds * failureThreshold + 5);
  });

  test('probes what asks no dependency, for longer at a start than the service waits for the database', () => {
    const { livenessProbe, readinessProbe, startupProbe } = api;
    expect(livenessProbe?.httpGet).toEqual({ path: '/health/live', port: 'operations' });
    expect(readinessProbe?.httpGet).toEqual({ path: '/health/ready', port: 'operations' });
    expect(startupProbe?.httpGet).toEqual({ path: '/health/startup', port: 'http' });
    expect((startupProbe?.periodSeconds ?? 0) * (startupProbe?.failureThreshold ?? 0)).toBeGreaterThan(
      config.lifecycle.startTimeoutSeconds,
    );
  });

  test('has one port for clients and one for operators, the same everywhere', () => {
    const { ports } = only(service, 'Service')['spec'] as {
      ports: { name: string; port: number; targetPort: string }[];
    };
    expect(api.ports).toEqual([
      { name: 'http', containerPort: config.http.port },
      { name: 'operations', containerPort: config.operations.port },
    ]);
    expect(ports).toEqual([
      { name: 'http', port: 8080, targetPort: 'http' },
      { name: 'operations', port: 9090, targetPort: 'operations' },
    ]);
    expect(textOf('Dockerfile')).toContain(`\nEXPOSE ${config.http.port}\n`);
  });

  test('selects the pods that it means', () => {
    const selectors = [
      at(deployment, 'spec', 'selector', 'matchLabels'),
      at(only(service, 'Service'), 'spec', 'selector'),
      at(only(service, 'PodDisruptionBudget'), 'spec', 'selector', 'matchLabels'),
    ];
    for (const selector of selectors) {
      expect(matches(selector, labels)).toBe(true);
    }
    expect(at(only(service, 'HorizontalPodAutoscaler'), 'spec', 'scaleTargetRef')).toMatchObject({
      kind: 'Deployment',
      name: deployment.metadata.name,
    });
    expect(at(deployment, 'spec', 'replicas')).toBeUndefined();
  });

  test('leaves no pod without a network policy for both ways', () => {
    const policies = all.filter(({ kind }) => kind === 'NetworkPolicy');
    for (const { labels } of pods) {
      const mine = policies.filter((policy) =>
        matches(at(policy, 'spec', 'podSelector', 'matchLabels'), labels),
      );
      expect(mine.map((policy) => at(policy, 'spec', 'policyTypes'))).toEqual([['Ingress', 'Egress']]);
    }
    const open = policies.flatMap((policy) => (at(policy, 'spec', 'ingress') ?? []) as { from?: object[] }[]);
    expect(open.filter(({ from = [] }) => from.length === 0)).toEqual([]);
  });

  test('lets every pod ask for names, at NodeLocal DNSCache too', () => {
    const policies = all.filter(({ kind }) => kind === 'NetworkPolicy');
    for (const policy of policies) {
      const egress = at(policy, 'spec', 'egress') as { to?: object[]; ports: { port: number }[] }[];
      const names = egress.filter(({ ports }) => ports.every(({ port }) => port === 53));
      expect(names.flatMap(({ to = [] }) => to)).toEqual([
        { namespaceSelector: {}, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } },
        { ipBlock: { cidr: '169.254.20.10/32' } },
      ]);
    }
  });

  test('is scraped as the job that the rules ask for', () => {
    const monitor = only(service, 'ServiceMonitor');
    expect(
      matches(at(monitor, 'spec', 'selector', 'matchLabels'), only(service, 'Service').metadata.labels),
    ).toBe(true);
    const prometheus = textOf('deploy/prometheus/prometheus.yml');
    const [, job] = /job_name: (\S+)/.exec(prometheus) ?? [];
    const [, interval] = /scrape_interval: (\S+)/.exec(prometheus) ?? [];
    expect(at(monitor, 'spec', 'endpoints')).toEqual([
      expect.objectContaining({
        port: 'operations',
        path: '/metrics',
        interval,
        relabelings: [
          { targetLabel: 'job', replacement: job },
          {
            sourceLabels: ['__meta_kubernetes_namespace'],
            regex: '(?:brownie-)?(.+)',
            targetLabel: 'environment',
          },
        ],
      }),
    ]);
  });

  test('is asked from outside as the job that the rules ask for, in its environment', () => {
    const prometheus = documentsOf(join(root, 'deploy/prometheus/prometheus.yml'))[0];
    const front = at(prometheus, 'scrape_configs', 1);
    const { targets, ...spec } = only(service, 'Probe')['spec'] as { targets: object };
    expect(spec).toEqual({
      jobName: at(front, 'job_name'),
      interval: at(prometheus, 'global', 'scrape_interval'),
      scrapeTimeout: at(prometheus, 'global', 'scrape_timeout'),
      module: at(front, 'params', 'module', 0),
      prober: { url: 'blackbox-exporter.monitoring.svc:9115' },
    });
    expect(targets).toEqual({
      staticConfig: {
        static: [expect.stringMatching(/^https:\/\/[a-z.]+\/health\/live$/)],
        labels: { environment },
      },
    });
  });

  test('with the component of TLS speaks it everywhere: to clients, to the probes, to Prometheus', () => {
    const secured = kustomize(tls, service);
    expect(secured.map((each) => [each.kind, schemaFaults(each)] as const)).toEqual(
      secured.map(({ kind }) => [kind, ['ServiceMonitor', 'Probe'].includes(kind) ? undefined : []]),
    );
    const [pod] = podsOf([only(secured, 'Deployment')]) as [Pod & { containers: [Container] }];
    const { livenessProbe, readinessProbe, startupProbe, volumeMounts } = pod.containers[0];
    for (const probe of [livenessProbe, readinessProbe, startupProbe]) {
      expect(probe?.httpGet.scheme).toBe('HTTPS');
    }
    const { config, warnings } = configOf(environmentOf(pod.containers[0], secured));
    expect(warnings).toEqual([]);
    const mount = '/run/brownie/server-tls';
    expect(config.http.tls).toEqual({ cert: `${mount}/tls.crt`, key: `${mount}/tls.key` });
    const name = volumeMounts.find(({ mountPath }) => mountPath === mount)?.name;
    const secret = { secretName: 'brownie-metadata-api-tls', defaultMode: 0o440 };
    expect(pod.volumes.find((volume) => volume.name === name)?.secret).toEqual(secret);
    const endpoint = at(only(secured, 'ServiceMonitor'), 'spec', 'endpoints', 0);
    expect(at(endpoint, 'scheme')).toBe('https');
    expect(at(endpoint, 'tlsConfig', 'ca', 'secret', 'name')).toBe(secret.secretName);
    expect(at(endpoint, 'tlsConfig', 'serverName')).toBe(only(secured, 'Service').metadata.name);
  });
});
