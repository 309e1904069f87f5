import type pg from 'pg';
import { runBrownie } from '../../platform/programs/run-brownie.ts';
import { type Fault, type Scene, until } from './fault.ts';

const idleSeconds = 61;
const waitSeconds = 6;

/** Leaves a transaction open. In effect a minute later, which `aged` waits for. */
export async function leaveTransactionOpen(
  scene: Scene,
): Promise<{ aged: () => Promise<void>; undo: () => Promise<void> }> {
  const client = await scene.connect('owner');
  await client.query('begin');
  await client.query('select 1');
  return {
    aged: () =>
      until('a transaction is idle for a minute', async () => {
        const [row] = await scene.query<{ seconds: number }>(
          `select coalesce(max(extract(epoch from clock_timestamp() - state_change)), 0)::float8 as seconds
           from pg_stat_activity where state = 'idle in transaction'`,
        );
        return (row?.seconds ?? 0) > idleSeconds;
      }),
    undo: () => client.end(),
  };
}

export const activityFaults: readonly Fault[] = [
  {
    name: 'maintenance left on',
    expected: 'database.maintenance',
    async inject({ variables, directory }) {
      const maintenance = (...args: readonly string[]) =>
        runBrownie(['maintenance', ...args], { variables, directory });
      await maintenance('on', '--message', 'drill');
      return { undo: () => maintenance('off') };
    },
  },
  {
    name: 'a lock that others wait for',
    expected: 'activity.locks',
    async inject(scene) {
      const [holder, waiter] = [await scene.connect('owner'), await scene.connect('service')];
      await holder.query('begin; lock table teams in access exclusive mode');
      const waiting = waiter.query('select count(*) from teams').catch(() => undefined);
      await until('somebody waits for a lock', async () => {
        const [row] = await scene.query<{ seconds: number }>(
          `select coalesce(max(extract(epoch from clock_timestamp() - waitstart)), 0)::float8 as seconds from pg_locks`,
        );
        return (row?.seconds ?? 0) > waitSeconds;
      });
      return {
        async undo() {
          await holder.end();
          await waiting;
          await waiter.end();
        },
      };
    },
  },
  {
    name: 'a table locked, and nobody waiting at this moment',
    expected: 'activity.locks',
    async inject(scene) {
      const holder = await scene.connect('owner');
      await holder.query('begin; lock table incidents in share mode');
      return { undo: () => holder.end() };
    },
  },
  {
    name: 'a transaction that has written, left open for a moment',
    expected: 'activity.idle-in-transaction',
    async inject(scene) {
      const client = await scene.connect('service');
      await client.query('begin');
      await client.query('select pg_current_xact_id()');
      await until('it is idle for longer than the service waits for rows', async () => {
        const [row] = await scene.query<{ seconds: number }>(
          `select coalesce(max(extract(epoch from clock_timestamp() - state_change)), 0)::float8 as seconds
           from pg_stat_activity where state = 'idle in transaction' and backend_xid is not null`,
        );
        return (row?.seconds ?? 0) > waitSeconds;
      });
      return { undo: () => client.end() };
    },
  },
  {
    name: 'connections nearly used up',
    expected: 'connections.in-use',
    async inject(scene) {
      const count = async (): Promise<number> => {
        const [row] = await scene.query<{ free: number }>(
          `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                  - count(*)::int as free
           from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
        );
        return row?.free ?? 0;
      };
      const clients: pg.Client[] = [];
      // @NOTE two are left: for the doctor's two logins.
      for (let free = await count(); free > 2; free = await count()) {
        clients.push(await scene.connect('service'));
      }
      return { undo: () => Promise.all(clients.map((client) => client.end())) };
    },
  },
  {
    name: 'a statement that is slow',
    expected: 'activity.slow-queries',
    async inject(scene) {
      const client = await scene.connect('service');
      for (const _ of [1, 2, 3]) {
        await client.query('select pg_sleep(0.7)');
      }
      await client.end();
      return { undo: () => scene.query('select pg_stat_statements_reset()') };
    },
  },
];
