import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Knows which request is at hand, for what happens deep below it: statements, lines of the log. */
export class RequestContext {
  readonly #ids = new AsyncLocalStorage<string>();

  /** The id of the request at hand; undefined outside of one. */
  get requestId(): string | undefined {
    return this.#ids.getStore();
  }

  /** Follows the requests of a listener. Before its routes are registered. */
  follow(listener: FastifyInstance): void {
    const enter = (request: FastifyRequest, _reply: unknown, done: () => void): void =>
      this.#ids.run(request.id, done);
    listener.addHook('onRequest', enter);
    // @NOTE a body arrives in events of the socket, which know nothing of the request: it is entered again.
    listener.addHook('preValidation', enter);
  }
}
