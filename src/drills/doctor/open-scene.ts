import pg from 'pg';
import { withDatabase } from '../../platform/database/dsn.ts';
import { createInstance } from '../../platform/programs/service-instance.ts';
import { startDrillDatabase } from '../harness/drill-database.ts';
import { startDrillRedis } from '../harness/drill-redis.ts';
import { signUp } from '../harness/tenant.ts';
import { type Scene, until } from './fault.ts';
import { startArchiving } from './faults-of-machines.ts';

/** Starts PostgreSQL, Redis and an instance, all of them as they should be. */
export async function openScene(directory: string): Promise<Scene & AsyncDisposable> {
  await using resources = new AsyncDisposableStack();
  const database = resources.use(
    await startDrillDatabase(directory, { max_connections: '60', archive_mode: 'on' }),
  );
  const redis = resources.use(await startDrillRedis(directory));
  const own = {
    ...database.variables,
    METADATA_REDIS_URL: redis.url,
    METADATA_POSTGRES_POOL_SIZE: '5',
    METADATA_POSTGRES_MAX_OVERFLOW: '5',
    METADATA_LOG_LEVEL: 'warning',
  };
  const service = resources.use(await createInstance({ name: 'api', directory, variables: own }));
  const open = async (dsn: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: dsn });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const superuserDsn = withDatabase(database.superuserDsn, 'brownie');
  const [host = '', port = ''] = service.address.split(':');
  const scene: Scene = {
    directory,
    database,
    redis,
    variables: { ...own, METADATA_HOST: host, METADATA_PORT: port },
    async query<Row extends pg.QueryResultRow>(sql: string) {
      const client = await open(superuserDsn);
      try {
        return (await client.query<Row>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    connect: (as) => open(as === 'service' ? database.serviceDsn : database.ownerDsn),
    noticed: () => until('the service notices', async () => !(await isHealthy(service.url))),
    recovered: () => until('the service is healthy again', () => isHealthy(service.url)),
  };
  await startArchiving(scene);
  await service.launch();
  await service.ready();
  // @NOTE two of each, so that a unique index on what they share cannot be built.
  for (const _ of [1, 2]) {
    await openIncident(service.url);
  }
  await scene.recovered();
  const kept = resources.move();
  return { ...scene, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function openIncident(url: string): Promise<void> {
  const { teamId, headers } = await signUp(url);
  const reply = await fetch(`${url}/api/v1/teams/${teamId}/incidents`, {
    method: 'POST',
    headers,
    body: '{"title": "Drill"}',
  });
  if (!reply.ok) {
    throw new Error(`no incident could be made: ${await reply.text()}`);
  }
}

const isHealthy = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    async (reply) => ((await reply.json()) as { status: string }).status === 'healthy',
    () => false,
  );
