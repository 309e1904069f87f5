import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

declare module 'fastify' {
  interface FastifyInstance {
    readonly pipelines: PipelineLimit;
  }
}

/** How many requests may have been read from a connection beside the one that is at work. @NOTE whoever sends that many before the first answer does not wait for answers. */
const waitingMax = 100;

interface Turns {
  readonly unanswered: Set<ServerResponse>;
  readonly waiting: (() => void)[];
  isHeld: boolean;
}

/**
 * Bounds what one connection can ask for before it takes an answer (RFC 9112, 9.3.2): its requests are worked on one after
 * the other, nothing more is read from it while some wait or its answers are not taken, and beyond a hundred it is cut.
 * @NOTE Node.js reads on until answers have piled up, and begins all that it has read at once: 2,000 requests are 60 KiB.
 */
export class PipelineLimit {
  readonly #connections = new WeakMap<Socket, Turns>();

  /** Stands before whoever listens for requests by now. */
  constructor(server: Server) {
    const listeners = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      this.#arrived(request, response, () => {
        for (const listener of listeners) {
          listener(request, response);
        }
      }),
    );
  }

  /** The request of a connection that is at work: one or none, and seen as that changes. */
  unanswered(socket: Socket): ReadonlySet<ServerResponse> {
    return (this.#connections.get(socket) ?? this.#follow(socket)).unanswered;
  }

  #arrived({ socket }: IncomingMessage, response: ServerResponse, begin: () => void): void {
    // @NOTE what was read in one piece comes to the end, also after the connection was cut.
    if (socket.destroyed) {
      return;
    }
    const turns = this.#connections.get(socket) ?? this.#follow(socket);
    turns.waiting.push(() => {
      turns.unanswered.add(response);
      response.once('close', () => {
        turns.unanswered.delete(response);
        proceed(socket, turns);
      });
      begin();
    });
    if (turns.waiting.length > waitingMax) {
      turns.waiting.length = 0;
      socket.destroy();
    } else {
      proceed(socket, turns);
    }
  }

  #follow(socket: Socket): Turns {
    const turns: Turns = { unanswered: new Set(), waiting: [], isHeld: false };
    this.#connections.set(socket, turns);
    socket.on('drain', () => proceed(socket, turns));
    // @NOTE Node.js reads on for its own reasons, such as a body that is taken.
    socket.on('resume', () => {
      if (turns.isHeld) {
        socket.pause();
      }
    });
    socket.once('close', () => {
      turns.waiting.length = 0;
    });
    return turns;
  }
}

function proceed(socket: Socket, turns: Turns): void {
  const { unanswered, waiting } = turns;
  while (unanswered.size === 0 && !socket.writableNeedDrain) {
    const begin = waiting.shift();
    if (begin === undefined) {
      break;
    }
    begin();
  }
  const mustHold = waiting.length > 0;
  if (mustHold !== turns.isHeld && !socket.destroyed) {
    turns.isHeld = mustHold;
    if (mustHold) {
      socket.pause();
    } else {
      socket.resume();
    }
  }
}
