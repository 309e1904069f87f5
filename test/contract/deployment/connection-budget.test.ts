import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compose } from './compose.ts';
import { configOf } from './config-of.ts';
import { kustomize } from './kustomize.ts';
import { root, textOf } from './repository.ts';
import { at, environmentOf, only, podsOf } from './workloads.ts';

/** Numbers of a file of `name = value` lines. */
const numberIn = (path: string, name: string): number =>
  Number(new RegExp(`^(?:#16 )?${name} = (\\d+)$`, 'm').exec(textOf(path))?.[1]);
const postgres = (name: string): number => numberIn('deploy/postgres/postgresql.conf', name);

/** What PostgreSQL leaves to instances: the rest is kept for operators, backups and migrations. */
const available =
  postgres('max_connections') - postgres('superuser_reserved_connections') - postgres('reserved_connections');

/** What an instance may take: its pool, and one of its own to see how the database is. */
const perInstance = (environment: Readonly<Record<string, string>>): number =>
  configOf(environment).config.pool.sizeMax + 1;

test('PostgreSQL keeps connections for operators, backups and migrations', () => {
  expect(available).toBeLessThanOrEqual(postgres('max_connections') - 10);
});

test('Compose keeps as many as PostgreSQL 15 is not asked to', () => {
  expect(compose.services['postgres']?.command).toContain(
    `reserved_connections=${postgres('reserved_connections')}`,
  );
});

test('three instances of Compose are within the budget', () => {
  const { METADATA_POSTGRES_POOL_SIZE: size, METADATA_POSTGRES_MAX_OVERFLOW: overflow } =
    compose.services['api']?.environment ?? {};
  const api = { ...compose.services['api']?.environment };
  expect([size, overflow]).toEqual(['20', '30']);
  const own = Object.fromEntries(Object.entries(api).filter(([name]) => name.startsWith('METADATA_')));
  expect(3 * perInstance(own)).toBeLessThanOrEqual(available);
});

test.each(['staging', 'production'])(
  'as many instances as %s may ever have, in a rollout too, are within the budget',
  (overlay) => {
    const resources = kustomize(join(root, 'deploy/kubernetes/overlays', overlay));
    const deployment = only(resources, 'Deployment');
    const [container] = podsOf([deployment])[0]?.containers ?? [];
    if (container === undefined) {
      throw new Error('the Deployment has no container');
    }
    const most = Number(at(only(resources, 'HorizontalPodAutoscaler'), 'spec', 'maxReplicas'));
    const surplus = Number(at(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxSurge'));
    expect((most + surplus) * perInstance(environmentOf(container, resources))).toBeLessThanOrEqual(
      available,
    );
  },
);

test('PgBouncer takes no more of PostgreSQL than there is', () => {
  const ini = (name: string): number => numberIn('deploy/pgbouncer/pgbouncer.ini', name);
  expect(ini('default_pool_size') + ini('reserve_pool_size')).toBeLessThanOrEqual(ini('max_db_connections'));
  expect(ini('max_db_connections')).toBeLessThan(available);
});
