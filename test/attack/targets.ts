import type { Operation } from './oracle.ts';
import { type Ground, Target } from './target.ts';

/** Worlds to attack: one for each operation that changes something, and one for all that read, which leave it as it is. */
export class Targets {
  readonly #ground: Ground;
  #forReads: Promise<Target> | undefined;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  async of({ method }: Operation): Promise<Target> {
    if (method !== 'GET') {
      return await Target.create(this.#ground);
    }
    this.#forReads ??= Target.create(this.#ground);
    return await this.#forReads;
  }
}
