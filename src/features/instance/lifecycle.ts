export type Phase = 'starting' | 'serving' | 'draining';

/** Where this instance is in its life: what its readiness tells a load balancer, whatever its dependencies do. */
export class Lifecycle {
  #isStarted = false;
  #isDraining = false;
  #isStopping = false;
  readonly #onDraining: (isDraining: boolean) => void;

  constructor(onDraining: (isDraining: boolean) => void) {
    this.#onDraining = onDraining;
  }

  get phase(): Phase {
    if (this.#isDraining) {
      return 'draining';
    }
    return this.#isStarted ? 'serving' : 'starting';
  }

  /** Whether it has been ready to serve; it may drain since, or before. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  started(): void {
    this.#isStarted = true;
  }

  /** Sends new work elsewhere; what still comes is served. */
  drain(): void {
    this.#isDraining = true;
    this.#onDraining(true);
  }

  /** Takes new work again; unless the process is about to end. */
  undrain(): void {
    if (!this.#isStopping) {
      this.#isDraining = false;
      this.#onDraining(false);
    }
  }

  /** Drains for good. */
  stop(): void {
    this.#isStopping = true;
    this.drain();
  }
}
