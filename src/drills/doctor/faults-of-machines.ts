import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from '../../platform/programs/run-to-end.ts';
import { type Fault, type Scene, until } from './fault.ts';

const archive = (scene: Scene, command: string): Promise<unknown> =>
  scene
    .query(`alter system set archive_command = '${command}'`)
    .then(() => scene.query('select pg_reload_conf()'));

/** Whether what was tried last was archived. Writes WAL, so that there is something to try. */
const isArchiving = async ({ query }: Scene): Promise<boolean | undefined> => {
  await query('select pg_logical_emit_message(false, $$drill$$, $$drill$$), pg_switch_wal()');
  const [row] = await query<{ isArchiving: boolean | null }>(
    'select last_archived_time > coalesce(last_failed_time, $$-infinity$$) as "isArchiving" from pg_stat_archiver',
  );
  return row?.isArchiving ?? undefined;
};

/** Lets WAL be archived to nowhere. */
export async function startArchiving(scene: Scene): Promise<void> {
  await archive(scene, 'true');
  await until('WAL is archived', async () => (await isArchiving(scene)) === true);
}

/** Requests through a proxy: as many as a finding takes, and a share of all that is large enough. */
const proxied = 60;

export const machineFaults: readonly Fault[] = [
  {
    name: 'archiving WAL fails',
    expected: 'backups.archiving',
    async inject(scene) {
      await archive(scene, 'false');
      await until('archiving fails', async () => (await isArchiving(scene)) === false);
      return { undo: () => startArchiving(scene) };
    },
  },
  {
    name: 'a replication slot that nobody reads',
    expected: 'database.replication-slots',
    async inject({ query }) {
      await query(`select pg_create_physical_replication_slot('drill', true)`);
      for (const _ of [1, 2, 3, 4, 5]) {
        await query('select pg_logical_emit_message(false, $$drill$$, $$drill$$), pg_switch_wal()');
      }
      return { undo: () => query(`select pg_drop_replication_slot('drill')`) };
    },
  },
  {
    name: 'a proxy that is not trusted',
    expected: 'service.proxies',
    async inject(scene) {
      const url = `http://${scene.variables['METADATA_HOST']}:${scene.variables['METADATA_PORT']}/drill`;
      const send = async (count: number, headers: Readonly<Record<string, string>>): Promise<void> => {
        for (let sent = 0; sent < count; sent += 1) {
          await fetch(url, { headers }).then((reply) => reply.text());
        }
      };
      await send(proxied, { 'x-forwarded-for': '203.0.113.9' });
      return { undo: () => send(10 * proxied, {}) };
    },
  },
  {
    name: 'no backup for two days',
    expected: 'backups.age',
    async inject({ directory }) {
      const backups = join(directory, 'old-backups');
      await mkdir(backups);
      const takenAt = new Date(Date.now() - 48 * 3_600_000).toISOString();
      await writeFile(join(backups, 'state.json'), JSON.stringify({ backups: { dump: takenAt } }));
      return { variables: { METADATA_BACKUP_DIR: backups } };
    },
  },
  {
    name: 'a disk nearly full',
    expected: 'disk.space',
    async inject({ directory }) {
      const mount = join(directory, 'small-disk');
      await mkdir(mount);
      const mounted = await runToEnd('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', mount]);
      if (mounted.code !== 0) {
        return undefined;
      }
      await writeFile(join(mount, 'everything-else'), Buffer.alloc(3.9 * 1024 * 1024));
      return {
        variables: { METADATA_BACKUP_DIR: mount },
        undo: () => runToEnd('umount', [mount]),
      };
    },
  },
  {
    name: 'Redis refuses the password',
    expected: 'redis.connection',
    inject: async ({ redis }) => ({
      variables: { METADATA_REDIS_URL: redis.url.replace(redis.password, 'not-the-password') },
    }),
  },
  {
    name: 'Redis away',
    expected: 'redis.connection',
    async inject({ redis, noticed, recovered }) {
      await redis.kill();
      await noticed();
      return { undo: () => redis.start().then(recovered) };
    },
  },
  {
    name: 'Redis frozen',
    expected: 'redis.connection',
    async inject({ redis, recovered }) {
      redis.freeze(true);
      return {
        undo: async () => {
          redis.freeze(false);
          await recovered();
        },
      };
    },
  },
  {
    name: 'nothing listens where the mail server is said to be',
    expected: 'mail.connection',
    inject: async () => ({
      variables: {
        METADATA_SMTP_HOST: '127.0.0.1',
        METADATA_SMTP_PORT: '1',
        METADATA_SMTP_TLS: 'none',
        METADATA_SMTP_FROM: 'brownie@example.com',
      },
    }),
  },
  {
    name: 'PostgreSQL stopped',
    expected: 'database.connection',
    async inject({ database, recovered }) {
      await database.stop();
      return { undo: () => database.start().then(recovered) };
    },
  },
];
