import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The position that a reply to a change carries, and that a read may bring back. */
export const positionHeader = 'brownie-position';

/** Knows which request is at hand, for what happens deep below it: statements, lines of the log. */
export class RequestContext {
  readonly #requests = new AsyncLocalStorage<FastifyRequest>();

  /** The id of the request at hand; undefined outside of one. */
  get requestId(): string | undefined {
    return this.#requests.getStore()?.id;
  }

  /** What the request at hand reads, where it changes nothing: all that is not behind the position that it carries; undefined where it does, and outside of one. */
  get read(): { readonly after: string | undefined } | undefined {
    const request = this.#requests.getStore();
    if (request === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
      return undefined;
    }
    const after = request.headers[positionHeader];
    return { after: typeof after === 'string' ? after : undefined };
  }

  /** Follows the requests of a listener. Before its routes are registered. */
  follow(listener: FastifyInstance): void {
    const enter = (request: FastifyRequest, _reply: unknown, done: () => void): void =>
      this.#requests.run(request, done);
    listener.addHook('onRequest', enter);
    // @NOTE a body arrives in events of the socket, which know nothing of the request: it is entered again.
    listener.addHook('preValidation', enter);
  }
}
