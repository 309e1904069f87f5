import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Program, startProgram } from '../../platform/programs/program.ts';
import { freePort } from '../../platform/system/free-port.ts';
import { packageRoot } from '../../platform/system/package-root.ts';
import { nginxSite } from './nginx-site.ts';

export type BalancerName = 'nginx' | 'haproxy';

/** A load balancer before three instances, running the file that is shipped. */
export interface Balancer extends AsyncDisposable {
  readonly name: BalancerName;
  readonly url: string;
  /** `127.0.0.1:40002`, where HAProxy shows its own figures at /metrics; nginx has none. */
  readonly metricsAddress?: string;
}

export interface BalancerOptions {
  /** Where its files and logs go. */
  readonly directory: string;
  /** `127.0.0.1:40001` of each instance. */
  readonly instances: readonly [string, string, string];
  /** Where they are free: the port of one that was here before, and that of its figures. */
  readonly ports?: readonly [port: number, metricsPort: number];
}

const shippedHaproxy = join(packageRoot, 'deploy/haproxy/haproxy.cfg');

/** Starts nginx or HAProxy at a free port. Rejects with the end of its log where it does not start. */
export async function startBalancer(name: BalancerName, options: BalancerOptions): Promise<Balancer> {
  const port = await freePort(options.ports?.[0]);
  const directory = join(options.directory, name);
  await mkdir(directory, { recursive: true });
  const placed = { ...options, directory };
  const url = `http://127.0.0.1:${port}`;
  if (name === 'nginx') {
    const running = await startNginx(placed, port);
    return { name, url, [Symbol.asyncDispose]: () => running.end() };
  }
  const metricsAddress = `127.0.0.1:${await freePort(options.ports?.[1])}`;
  const running = await startHaproxy(placed, port, metricsAddress);
  return { name, url, metricsAddress, [Symbol.asyncDispose]: () => running.end() };
}

/** @NOTE a file in conf.d has only a part of what nginx needs; the rest is as Debian has it, but for the places. */
async function startNginx({ directory, instances }: BalancerOptions, port: number): Promise<Program> {
  const main = join(directory, 'nginx.conf');
  const listen = `127.0.0.1:${port}`;
  const accessLog = join(directory, 'access.log');
  await writeFile(join(directory, 'brownie.conf'), await nginxSite({ listen, instances, accessLog }));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(directory, kind)};`)
    .join(' ');
  await writeFile(
    main,
    `daemon off; pid ${join(directory, 'nginx.pid')}; worker_processes auto; ${runAsRoot}
error_log ${join(directory, 'error.log')};
events { worker_connections 768; }
http { ${temporary} include ${join(directory, 'brownie.conf')}; }
`,
  );
  return await startProgram({
    command: 'nginx',
    args: ['-p', directory, '-c', main],
    directory,
    isReady: () => accepts(port),
  });
}

/** @NOTE workers of another user could not read a folder that only we may. */
const isRoot = process.getuid?.() === 0;
const runAsRoot = isRoot ? 'user root;' : '';

/** @NOTE only root can become somebody else. */
const ownUser = isRoot ? {} : { HAPROXY_USER: userInfo().username, HAPROXY_GROUP: userInfo().username };

async function startHaproxy(
  { directory, instances }: BalancerOptions,
  port: number,
  metricsAddress: string,
): Promise<Program> {
  const [API1, API2, API3] = instances;
  return await startProgram({
    command: 'haproxy',
    args: ['-db', '-f', shippedHaproxy],
    directory,
    variables: {
      ...{ API1, API2, API3 },
      BROWNIE_BIND: `127.0.0.1:${port}`,
      BROWNIE_METRICS_BIND: metricsAddress,
      ...ownUser,
    },
    isReady: () => accepts(port),
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
