/** Where this instance is in its life: what its readiness tells a load balancer, whatever its dependencies do. */
export class Lifecycle {
  #phase: 'starting' | 'serving' | 'draining' = 'starting';
  readonly #onDraining: (isDraining: boolean) => void;

  constructor(onDraining: (isDraining: boolean) => void) {
    this.#onDraining = onDraining;
  }

  get phase(): 'starting' | 'serving' | 'draining' {
    return this.#phase;
  }

  started(): void {
    this.#phase = 'serving';
  }

  drain(): void {
    this.#phase = 'draining';
    this.#onDraining(true);
  }
}
