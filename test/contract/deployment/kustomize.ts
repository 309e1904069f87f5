import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** An object of Kubernetes. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

interface Kustomization {
  readonly kind: string;
  readonly namespace?: string;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly images?: readonly { name: string; newName: string; newTag: string }[];
  readonly patches?: readonly { target: { kind: string; name: string }; patch: string }[];
  readonly configMapGenerator?: readonly {
    name: string;
    behavior?: 'merge';
    literals: readonly string[];
  }[];
}

const known = [
  'apiVersion',
  'kind',
  'namespace',
  'resources',
  'components',
  'images',
  'patches',
  'configMapGenerator',
];

/** The documents of a file. @NOTE YAML 1.1, as Kubernetes reads it: 0440 is octal, `<<` merges. */
export function documentsOf(path: string): unknown[] {
  return parseAllDocuments(readFileSync(path, 'utf8'), { version: '1.1' }).map((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) {
      throw new Error(`${path}: ${fault.message}`);
    }
    return document.toJS();
  });
}

/** Every file that a kustomization is made of, its own among them. */
export function filesOf(directory: string): string[] {
  const { resources = [], components = [] } = read(directory);
  const parts = [...resources, ...components].map((part) => resolve(directory, part));
  return [
    join(directory, 'kustomization.yaml'),
    ...parts.flatMap((part) => (part.endsWith('.yaml') ? [part] : filesOf(part))),
  ];
}

/**
 * What `kubectl kustomize` makes of a folder, as far as our kustomizations go; but for the hashes at the names of
 * ConfigMaps. Throws where one uses what this does not know.
 */
export function kustomize(directory: string, before: readonly Resource[] = []): Resource[] {
  const { namespace, resources = [], components = [], images = [], patches = [], ...rest } = read(directory);
  let made = [...before, ...resources.flatMap((part) => resourcesOf(resolve(directory, part)))];
  for (const { name, behavior, literals } of rest.configMapGenerator ?? []) {
    const data = Object.fromEntries(literals.map((literal) => literal.split(/=(.*)/s).slice(0, 2)));
    const there = made.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
    if ((there !== undefined) !== (behavior === 'merge')) {
      throw new Error(
        `${directory}: ConfigMap ${name} is to be merged into one that is there, and only then`,
      );
    }
    const merged = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, labels: {} },
      ...there,
      data: { ...(there?.['data'] as object), ...data },
    };
    made = [...made.filter((resource) => resource !== there), merged];
  }
  for (const { target, patch } of patches) {
    made = made.map((resource) => {
      const isTarget = resource.kind === target.kind && resource.metadata.name === target.name;
      return isTarget ? patched(resource, patch) : resource;
    });
  }
  for (const part of components) {
    made = kustomize(resolve(directory, part), made);
  }
  return made.map((resource) => renamed(resource, namespace, images));
}

function read(directory: string): Kustomization {
  const [kustomization] = documentsOf(join(directory, 'kustomization.yaml')) as [Kustomization];
  const unknown = Object.keys(kustomization).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new Error(`${directory}: this reader of kustomizations does not know ${unknown.join(', ')}`);
  }
  return kustomization;
}

const resourcesOf = (path: string): Resource[] =>
  path.endsWith('.yaml') ? (documentsOf(path) as Resource[]) : kustomize(path);

/** A JSON patch of `replace` and `add` operations, in YAML. Throws where there is nothing to replace, or something already. */
function patched(resource: Resource, patch: string): Resource {
  const copy = structuredClone(resource);
  const operations = parseAllDocuments(patch, { version: '1.1' })[0]?.toJS() as {
    op: string;
    path: string;
    value: unknown;
  }[];
  for (const { op, path, value } of operations) {
    const keys = path.split('/').slice(1);
    const last = keys.pop() ?? '';
    let place: Record<string, unknown> = copy as { [key: string]: unknown };
    for (const key of keys) {
      place = place[key] as Record<string, unknown>;
    }
    if (op === 'add' && last === '-' && Array.isArray(place)) {
      place.push(value);
    } else if (op === (last in place ? 'replace' : 'add')) {
      place[last] = value;
    } else {
      throw new Error(`${op} ${path}: ${resource.kind} has no such place, or has it already`);
    }
  }
  return copy;
}

function renamed(
  resource: Resource,
  namespace: string | undefined,
  images: NonNullable<Kustomization['images']>,
): Resource {
  const text = JSON.stringify(resource, (key, value) => {
    const image =
      key === 'image' ? images.find(({ name }) => String(value).split(':')[0] === name) : undefined;
    return image === undefined ? value : `${image.newName}:${image.newTag}`;
  });
  const copy = JSON.parse(text) as Resource;
  return namespace === undefined ? copy : { ...copy, metadata: { ...copy.metadata, namespace } };
}
