import { once } from 'node:events';
import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/index.ts';
import { StartError } from '../platform/errors/operation-error.ts';
import { isSecure } from '../platform/http/tls.ts';

/**
 * Connections that may wait to be accepted. Node's 511 are too few when many clients come in one moment: the system drops what
 * is too much, probes included, and whoever was dropped tries again after 1, 3 and 7 s. The system's own limit
 * (net.core.somaxconn) still holds.
 */
const backlog = 4_096;

/** A port that the service listens on, and the setting that names it. */
export type NamedPort = readonly [port: number, setting: string];

/** The public port, and the operators' where they have one. */
export const portsOf = ({ http, operations }: Config): readonly NamedPort[] => [
  [http.port, 'METADATA_PORT'],
  ...(operations.port === undefined ? [] : ([[operations.port, 'METADATA_OPS_PORT']] as const)),
];

/** Throws StartError where a port cannot be had: before a database is started that nobody will need. */
export async function requireFreePorts(config: Config): Promise<void> {
  await using servers = new AsyncDisposableStack();
  const { host } = config.http;
  for (const [port, setting] of portsOf(config)) {
    const server = servers.use(createServer().listen({ host, port }));
    try {
      await once(server, 'listening');
    } catch (error) {
      throw explain(error, host, port, setting);
    }
  }
}

/** Listens; answers the address for a person. Throws StartError where the address cannot be had. */
export async function listen(
  http: FastifyInstance,
  host: string,
  port: number,
  setting: string,
): Promise<string> {
  try {
    await http.listen({ host, port, backlog });
  } catch (error) {
    throw explain(error, host, port, setting);
  }
  const address = http.server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  return `${isSecure(http) ? 'https' : 'http'}://${['0.0.0.0', '::', '127.0.0.1'].includes(host) ? 'localhost' : host}:${actualPort}`;
}

function explain(error: unknown, host: string, port: number, setting: string): unknown {
  const { code } = error as { code?: string };
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} is taken: stop what listens there, or set ${setting} to another`,
    EACCES: `Port ${port} is not allowed for this user: set ${setting} to one above 1023`,
    EADDRNOTAVAIL: `${host} is not an address of this machine: set METADATA_HOST to one that is`,
    ENOTFOUND: `${host} is not a known host: set METADATA_HOST to an address of this machine`,
  };
  const reason = code === undefined ? undefined : reasons[code];
  return reason === undefined ? error : new StartError(reason, { cause: error });
}
