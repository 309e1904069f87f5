import type { ServerResponse } from 'node:http';
import { Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { drainAcceptQueue } from './drain-accept-queue.ts';

/** How long connections without a request are left open once no new ones are taken; at most. */
const idleGraceMs = 1_500;
/** At least: what a client has sent that is connected is on its way through the kernel. */
const idleGraceMinMs = 100;

export interface StopOptions {
  /** How long clients are let keep their connections once more before no new ones are taken. */
  readonly keepMs: number;
  /** How long connections without a request stay open, for the request that may be on its way; 1,500 at most. */
  readonly idleGraceMs: number;
  /** How long requests may still take; then their connections are cut. */
  readonly timeoutMs: number;
}

/**
 * Stops a listener without losing a request. Fastify's own way does: it answers 503 to whoever sends on a connection
 * that is open, and ends idle connections while the next request is on its way (nodejs/node#60617).
 */
export class GracefulStop {
  readonly #listener: FastifyInstance;
  readonly #inFlight = new Set<ServerResponse>();
  #isKeeping = false;
  #onSettled: (() => void) | undefined;

  /** @param isDraining while it says so, replies ask the client to close the connection */
  constructor(listener: FastifyInstance, isDraining: () => boolean) {
    this.#listener = listener;
    listener.addHook('onRequest', (_request, { raw }, done) => {
      this.#inFlight.add(raw);
      raw.once('close', () => this.#ended(raw));
      if (isDraining() && !this.#isKeeping) {
        raw.setHeader('connection', 'close');
      }
      done();
    });
  }

  /** Requests that have begun and whose reply is not out. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /**
   * Takes no new connection once `keepMs` are over, serves what the open ones still send, and resolves when every request is answered or the
   * time is up, whatever clients do: no connection is open then. Answers how many requests were cut off. Close the listener afterwards.
   */
  async stop({ keepMs, idleGraceMs: graceMs, timeoutMs }: StopOptions): Promise<number> {
    const { server, openSockets } = this.#listener;
    if (!server.listening) {
      return 0;
    }
    // @NOTE whoever is asked to close connects anew for each request, and a connection that comes in the very moment in which the
    // socket is closed is reset. Who keeps a connection does not knock.
    this.#isKeeping = true;
    await delay(keepMs);
    await drainAcceptQueue(server);
    const drained = new Promise((resolve) => server.once('close', resolve));
    // @NOTE not http's own close(), which would end idle connections in the same breath.
    Server.prototype.close.call(server);
    this.#isKeeping = false;
    await within(drained, Math.max(idleGraceMinMs, Math.min(graceMs, idleGraceMs)));
    openSockets.destroyIdle(new Set([...this.#inFlight].map(({ socket }) => socket)));
    await within(this.#settled(), timeoutMs);
    const cut = this.#inFlight.size;
    openSockets.destroyAll();
    return cut;
  }

  #ended(raw: ServerResponse): void {
    this.#inFlight.delete(raw);
    if (this.#inFlight.size === 0) {
      this.#onSettled?.();
    }
  }

  async #settled(): Promise<void> {
    if (this.#inFlight.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onSettled = resolve;
      });
    }
  }
}

async function within(done: Promise<unknown>, timeoutMs: number): Promise<void> {
  const patience = new AbortController();
  const late = delay(timeoutMs, undefined, { signal: patience.signal }).catch(() => undefined);
  await Promise.race([done, late]);
  patience.abort();
}
