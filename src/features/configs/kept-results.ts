import type { EffectiveConfiguration } from './effective-schemas.ts';

interface KeptResult {
  readonly result: EffectiveConfiguration;
  readonly weight: number;
}

/** Effective configurations of one revision, by what they were asked for: those asked for last, up to a weight in all. */
export class KeptResults {
  readonly weightMax: number;
  readonly #kept = new Map<string, KeptResult>();
  #weight = 0;

  constructor(weightMax: number) {
    this.weightMax = weightMax;
  }

  get(key: string): EffectiveConfiguration | undefined {
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      // @NOTE taken out and put back, the one that was asked for last stands last.
      this.#kept.delete(key);
      this.#kept.set(key, kept);
    }
    return kept?.result;
  }

  keep(key: string, result: EffectiveConfiguration, weight: number): void {
    if (weight > this.weightMax || this.#kept.has(key)) {
      return;
    }
    for (const [oldest, each] of this.#kept) {
      if (this.#weight + weight <= this.weightMax) {
        break;
      }
      this.#kept.delete(oldest);
      this.#weight -= each.weight;
    }
    this.#kept.set(key, { result, weight });
    this.#weight += weight;
  }
}
