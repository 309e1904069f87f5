import { parse } from 'yaml';
import { textOf } from './repository.ts';

export interface Service {
  readonly image: string;
  readonly build?: { readonly target: string };
  readonly container_name?: string;
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly user?: string;
  readonly network_mode?: string;
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
  readonly [key: string]: unknown;
}

interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<
    Record<string, { internal?: boolean; ipam?: { config: { subnet: string }[] } }>
  >;
  readonly volumes: Readonly<Record<string, object>>;
}

/** docker-compose.yml as Compose reads it where no variable is set: `${NAME:-default}` is its default. */
export const compose = parse(
  textOf('docker-compose.yml').replace(/\$\{\w+:-([^}]*)\}/g, (_, fallback: string) => fallback),
  { merge: true },
) as Compose;

export const services: readonly (Service & { readonly name: string })[] = Object.entries(
  compose.services,
).map(([name, service]) => ({ ...service, name }));

/** Those that stay; the others run to their end. */
export const longRunning = services.filter(({ restart }) => restart !== undefined);

export interface Mount {
  /** A path of the repository (`./deploy/…`), or the name of a volume. */
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

export const mountsOf = ({ volumes = [] }: Service): Mount[] =>
  volumes.map((volume) => {
    const [source = '', target = '', mode] = volume.split(':');
    return { source, target, isReadOnly: mode === 'ro' };
  });
