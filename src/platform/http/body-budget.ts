import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly bodyBudget: BodyBudget;
  }
}

const mib = 1024 * 1024;

/** What a body may weigh where whoever sends it need not be known, or where none is asked for. */
export const smallBodyBytesMax = 32 * 1024;

/** What all bodies that are larger may weigh together while they arrive and are answered, in bytes. */
const totalBytesMax = 32 * mib;
/** And those of one tenant: a quarter, so that it takes four who send slowly to hold others up. */
const shareBytesMax = totalBytesMax / 4;
/** How long a request waits for its turn. Its body stays in the network. */
const waitMs = 5_000;
/** How many wait at most. */
const waitingMax = 500;

interface Waiting {
  readonly tenant: string;
  readonly bytes: number;
  readonly admit: () => void;
}

/**
 * Bounds the memory that bodies take together. Large ones are read in turn: who would be too many waits, its body unread, for 5 s at most.
 */
export class BodyBudget {
  #held = 0;
  readonly #shares = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();

  /** Bytes of large bodies that are at hand. */
  get heldBytes(): number {
    return this.#held;
  }

  /** Calls `done` once the body may be read, or with 503 `service.overloaded`. Until the reply is out, it counts. */
  admit(request: FastifyRequest, reply: FastifyReply, done: (error?: ApiError) => void): void {
    const bytes = largeBodyBytes(request);
    if (bytes === 0) {
      done();
      return;
    }
    const tenant = request.pending?.orgId ?? '';
    const hold = (): void => {
      this.#add(tenant, bytes);
      reply.raw.once('close', () => {
        this.#add(tenant, -bytes);
        this.#admitWaiting();
      });
      done();
    };
    if (this.#hasRoom(tenant, bytes)) {
      hold();
    } else if (this.#waiting.size >= waitingMax) {
      done(overloaded());
    } else {
      this.#wait({ tenant, bytes }, reply, { hold, refuse: () => done(overloaded()) });
    }
  }

  #wait(
    what: Omit<Waiting, 'admit'>,
    reply: FastifyReply,
    { hold, refuse }: { readonly hold: () => void; readonly refuse: () => void },
  ): void {
    const leave = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(waiting);
      reply.raw.off('close', leave);
    };
    const waiting: Waiting = {
      ...what,
      admit: () => {
        leave();
        hold();
      },
    };
    const timer = setTimeout(() => {
      leave();
      refuse();
    }, waitMs);
    reply.raw.once('close', leave);
    this.#waiting.add(waiting);
  }

  #admitWaiting(): void {
    for (const { tenant, bytes, admit } of this.#waiting) {
      if (this.#hasRoom(tenant, bytes)) {
        admit();
      }
    }
  }

  #hasRoom(tenant: string, bytes: number): boolean {
    return this.#held + bytes <= totalBytesMax && (this.#shares.get(tenant) ?? 0) + bytes <= shareBytesMax;
  }

  #add(tenant: string, bytes: number): void {
    this.#held += bytes;
    const share = (this.#shares.get(tenant) ?? 0) + bytes;
    if (share === 0) {
      this.#shares.delete(tenant);
    } else {
      this.#shares.set(tenant, share);
    }
  }
}

const overloaded = (): ApiError => new ApiError('service.overloaded', { retryAfterSeconds: 2 });

/** What a body may come to; 0 where that is little, or too much to be read at all. */
function largeBodyBytes({ headers, routeOptions }: FastifyRequest): number {
  const limit = routeOptions.bodyLimit ?? 0;
  const declared = headers['content-length'];
  const bytes =
    declared === undefined ? (headers['transfer-encoding'] === undefined ? 0 : limit) : Number(declared);
  return bytes > smallBodyBytesMax && bytes <= limit ? bytes : 0;
}
