import type { Resource } from './kustomize.ts';

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
  }[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
}

export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string; readonly scheme?: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName: string; readonly defaultMode: number };
  readonly emptyDir?: object;
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

/** The pods that a resource makes. */
export interface Pod {
  readonly owner: Resource;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
  readonly spec: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes: readonly Volume[];
  };
}

/** What lies at a path of keys; undefined where there is nothing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((place, key) => (place as Record<string, unknown> | undefined)?.[key], value);
}

/** The one resource of a kind, and of a name where there are several. Throws where there is none. */
export function only(resources: readonly Resource[], kind: string, name?: string): Resource {
  const [found, ...others] = resources.filter(
    (resource) => resource.kind === kind && (name ?? resource.metadata.name) === resource.metadata.name,
  );
  if (found === undefined || others.length > 0) {
    throw new Error(`${others.length + (found === undefined ? 0 : 1)} of ${kind} ${name ?? ''}`);
  }
  return found;
}

export function podsOf(resources: readonly Resource[]): Pod[] {
  return resources.flatMap((owner) => {
    const path =
      owner.kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
    const template = at(owner, ...path) as Template | undefined;
    if (template === undefined) {
      return [];
    }
    const { spec, metadata } = template;
    const containers = [...(spec.initContainers ?? []), ...spec.containers];
    return [{ owner, labels: metadata.labels, containers, volumes: spec.volumes, spec }];
  });
}

/** The environment of a container: what its ConfigMaps say, then what it says itself. */
export function environmentOf(container: Container, resources: readonly Resource[]): Record<string, string> {
  const maps = (container.envFrom ?? []).map(
    ({ configMapRef }) => only(resources, 'ConfigMap', configMapRef.name)['data'] as Record<string, string>,
  );
  const own = (container.env ?? []).map(({ name, value }) => [name, value] as const);
  return Object.assign({}, ...maps, Object.fromEntries(own)) as Record<string, string>;
}

/** Whether labels are what `matchLabels` asks for. */
export const matches = (selector: unknown, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(selector as Record<string, string>).every(([name, value]) => labels[name] === value);
