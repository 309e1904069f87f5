import type { Server, Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

declare module 'fastify' {
  interface FastifyInstance {
    readonly openSockets: OpenSockets;
  }
}

/**
 * The connections of a server, whatever came over them. @NOTE http's own lists know those alone that have begun to speak HTTP: one that has
 * sent nothing is never idle there, one in the midst of its TLS handshake is in none, and one whose reply is still being read
 * counts as idle, and loses it.
 */
export class OpenSockets {
  readonly #accepted: ReadonlySet<Socket>;
  /** Those that may send a request: the same, but for TLS. */
  readonly #secured: ReadonlySet<Socket>;

  constructor(server: Server) {
    this.#accepted = openOf(server, 'connection');
    this.#secured = server instanceof TlsServer ? openOf(server, 'secureConnection') : this.#accepted;
  }

  /** Every connection that may send a request. */
  get all(): ReadonlySet<Socket> {
    return this.#secured;
  }

  /** Ends those over which nothing came yet, and those that are none of `busy`. */
  destroyIdle(busy: ReadonlySet<Socket | null>): void {
    const idle = [...this.#secured].filter((socket) => !busy.has(socket));
    const silent = [...this.#accepted].filter(({ bytesRead }) => bytesRead === 0);
    for (const socket of [...idle, ...silent]) {
      socket.destroy();
    }
  }

  destroyAll(): void {
    for (const socket of this.#accepted) {
      socket.destroy();
    }
  }
}

function openOf(server: Server, event: 'connection' | 'secureConnection'): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.on(event, (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}
