import { v7 as uuidv7 } from 'uuid';

/** A weighted choice: weight, then what it stands for. Weights need not add up to anything. */
export type Weighted<Value> = readonly (readonly [weight: number, value: Value])[];

/** Numbers that look random and come again with the same seed (sfc32 of the PractRand suite). */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    this.#state = Uint32Array.of(seed, 0x9e3779b9, 0x243f6a88, 1);
    for (let turn = 0; turn < 12; turn += 1) {
      this.#uint32();
    }
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    return this.#uint32() / 2 ** 32;
  }

  /** A whole number, both bounds included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of a list that is not empty. */
  pick<Value>(list: readonly Value[]): Value {
    const picked = list[this.int(0, list.length - 1)];
    if (picked === undefined) {
      throw new RangeError('there is nothing to pick from');
    }
    return picked;
  }

  weighted<Value>(choices: Weighted<Value>): Value {
    let left = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of choices) {
      left -= weight;
      if (left < 0) {
        return value;
      }
    }
    return this.pick(choices)[1];
  }

  /** Positive, half of them below `median`, with a long tail to the right: how long people take. */
  logNormal(median: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * Math.exp(sigma * normal);
  }

  /** Lower-case hexadecimal digits. */
  hex(length: number): string {
    return Array.from({ length }, () => this.int(0, 15).toString(16)).join('');
  }

  /** A UUID of version 7 for an instant in milliseconds since 1970. */
  idAt(at: number): string {
    const random = new Uint8Array(16);
    const words = new DataView(random.buffer);
    for (let offset = 4; offset < 16; offset += 4) {
      words.setUint32(offset, this.#uint32());
    }
    return uuidv7({ msecs: at, random });
  }

  #uint32(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state;
    const result = (a + b + counter) >>> 0;
    this.#state.set([b ^ (b >>> 9), c + (c << 3), ((c << 21) | (c >>> 11)) + result, counter + 1]);
    return result;
  }
}
