import { randomBytes } from 'node:crypto';
import { chown, cp, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { programPath } from '../../platform/programs/find-program.ts';
import { type Child, launch } from '../../platform/programs/launch.ts';
import { ownFolder } from '../../platform/programs/own-postgres.ts';
import { type SystemUser, systemUser } from '../../platform/programs/system-user.ts';
import { freePort } from '../../platform/system/free-port.ts';
import { packageRoot } from '../../platform/system/package-root.ts';
import { until } from '../../platform/system/until.ts';
import { type PatroniNode, PatroniNodes } from './patroni-nodes.ts';

/** Three PostgreSQL servers under Patroni, in synchronous mode, with an etcd and a HAProxy: the files of deploy/patroni. */
export interface PatroniCluster extends AsyncDisposable {
  readonly nodes: PatroniNodes;
  /** Where HAProxy leads to the primary. */
  readonly proxyPort: number;
  /** Of role `postgres`. */
  readonly password: string;
}

const shipped = join(packageRoot, 'deploy/patroni');
const readyTimeoutMs = 90_000;

/** Starts it all in a folder; resolves once one leads and two follow, one of them synchronously. */
export async function startPatroniCluster(directory: string): Promise<PatroniCluster> {
  const user = await systemUser();
  await ownFolder(directory, user);
  await using resources = new AsyncDisposableStack();
  const etcdPort = await startEtcd(directory, user, resources);
  const configuration = join(directory, 'patroni.yml');
  await cp(join(shipped, 'patroni.yml'), configuration);
  await handOver(configuration, user);
  const [password, replication] = [randomBytes(9).toString('hex'), randomBytes(9).toString('hex')];
  const launchNode = async ({ name, port, restPort, folder }: PatroniNode): Promise<Child> => {
    await ownFolder(folder, user);
    return await launch(await programPath('patroni'), [configuration], {
      user,
      directory: folder,
      logFile: join(directory, `${name}.log`),
      environment: {
        PATRONI_NAME: name,
        PATRONI_ETCD3_HOSTS: `127.0.0.1:${etcdPort}`,
        PATRONI_RESTAPI_LISTEN: `127.0.0.1:${restPort}`,
        PATRONI_RESTAPI_CONNECT_ADDRESS: `127.0.0.1:${restPort}`,
        PATRONI_POSTGRESQL_LISTEN: `127.0.0.1:${port}`,
        PATRONI_POSTGRESQL_CONNECT_ADDRESS: `127.0.0.1:${port}`,
        PATRONI_POSTGRESQL_DATA_DIR: join(folder, 'data'),
        // @NOTE else all three would write the one in the home folder of their user.
        PATRONI_POSTGRESQL_PGPASS: join(folder, 'pgpass'),
        PATRONI_POSTGRESQL_BIN_DIR: dirname(await programPath('pg_controldata')),
        PATRONI_SUPERUSER_PASSWORD: password,
        PATRONI_REPLICATION_PASSWORD: replication,
      },
    });
  };
  const nodes = resources.use(await PatroniNodes.start(directory, launchNode));
  const proxyPort = await startProxy(directory, nodes.all, resources);
  if (!(await until(() => nodes.isWhole(), { timeoutMs: readyTimeoutMs, everyMs: 200 }))) {
    throw new Error(`Patroni has made no cluster:\n${await nodes.logTails()}`);
  }
  const kept = resources.move();
  return { nodes, proxyPort, password, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function startEtcd(
  directory: string,
  user: SystemUser | undefined,
  resources: AsyncDisposableStack,
): Promise<number> {
  const [port, peerPort] = [await freePort(), await freePort()];
  const [clients, peers] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
  const etcd = await launch(
    await programPath('etcd'),
    [
      ...['--name', 'etcd1', '--data-dir', join(directory, 'etcd')],
      ...['--listen-client-urls', clients, '--advertise-client-urls', clients],
      ...['--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers],
      ...['--initial-cluster', `etcd1=${peers}`],
    ],
    { user, directory, logFile: join(directory, 'etcd.log') },
  );
  resources.defer(async () => {
    await etcd.end('SIGKILL');
  });
  const isHealthy = async (): Promise<boolean> => (await fetch(`${clients}/health`)).ok;
  const state = await etcd.untilReady(isHealthy, readyTimeoutMs);
  if (state !== 'ready') {
    throw new Error(`etcd is not ready:\n${await etcd.logTail()}`);
  }
  return port;
}

/** @NOTE only root can become somebody else. */
const ownUser =
  process.getuid?.() === 0
    ? { HAPROXY_USER: 'root', HAPROXY_GROUP: 'root' }
    : { HAPROXY_USER: userInfo().username, HAPROXY_GROUP: userInfo().username };

async function startProxy(
  directory: string,
  [one, two, three]: readonly [PatroniNode, PatroniNode, PatroniNode],
  resources: AsyncDisposableStack,
): Promise<number> {
  const port = await freePort();
  const at = (node: PatroniNode): string => `127.0.0.1:${node.port}`;
  const haproxy = await launch(await programPath('haproxy'), ['-db', '-f', join(shipped, 'haproxy.cfg')], {
    directory,
    logFile: join(directory, 'haproxy.log'),
    environment: {
      ...{ PG1: at(one), PG2: at(two), PG3: at(three) },
      ...{ REST1: String(one.restPort), REST2: String(two.restPort), REST3: String(three.restPort) },
      BROWNIE_PG_BIND: `127.0.0.1:${port}`,
      ...ownUser,
    },
  });
  resources.defer(async () => {
    await haproxy.end('SIGKILL');
  });
  return port;
}

async function handOver(path: string, user: SystemUser | undefined): Promise<void> {
  if (user !== undefined) {
    await chown(path, user.uid, user.gid);
  }
}

/** Removes the data of a node that does not run, as a new disk has none. */
export const wipe = (node: PatroniNode): Promise<void> =>
  rm(join(node.folder, 'data'), { recursive: true, force: true });
