import { randomFillSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';

type Request = Pick<IncomingMessage, 'headers'>;

const idBytes = 16;

/** Gives requests their ids. @NOTE random bytes are drawn for many at once: a call for each costs more than all else that an id takes. */
export class RequestIds {
  readonly #random = new Uint8Array(256 * idBytes);
  #used = this.#random.length;

  /** The caller's X-Request-ID where it is sane (1 to 128 letters, digits, `.`, `_`, `-`), else a new UUIDv7. */
  of(request: Request): string {
    const given = request.headers['x-request-id'];
    return typeof given === 'string' && /^[\w.-]{1,128}$/.test(given) ? given : this.#next();
  }

  /** As `of`; and puts the id into the header, where it is found again by whoever sees nothing but the raw request. */
  settle(request: Request): string {
    const id = this.of(request);
    request.headers['x-request-id'] = id;
    return id;
  }

  #next(): string {
    if (this.#used === this.#random.length) {
      randomFillSync(this.#random);
      this.#used = 0;
    }
    const random = this.#random.subarray(this.#used, this.#used + idBytes);
    this.#used += idBytes;
    return uuidv7({ random });
  }
}
