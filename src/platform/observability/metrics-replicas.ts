import { Counter, Gauge, type Registry } from 'prom-client';

/** What is known of a replica at this moment. */
export interface ReplicaGauge {
  readonly number: number;
  /** Why nothing is read from it; null where it is. */
  readonly fault: string | null;
  /** Null where it is not known. */
  readonly lagSeconds: number | null;
}

/** Replicas, and where reads take place. Without replicas there are no series. */
export function replicaMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ['replica'] as const;
  let states: () => readonly ReplicaGauge[] = () => [];
  new Gauge({
    name: 'brownie_replica_usable',
    help: 'Whether reads go to a replica: 1, or 0 where it is silent, behind, or follows another primary.',
    labelNames,
    registers,
    collect() {
      for (const { number, fault } of states()) {
        this.set({ replica: String(number) }, fault === null ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'brownie_replica_lag_seconds',
    help: 'Time from when the primary had something until a replica showed it.',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { number, lagSeconds } of states()) {
        if (lagSeconds !== null && Number.isFinite(lagSeconds)) {
          this.set({ replica: String(number) }, lagSeconds);
        }
      }
    },
  });
  const reads = new Counter({
    name: 'brownie_reads_total',
    help: 'Reads of requests, by where they took place, where there are replicas.',
    labelNames: ['server'],
    registers,
  });
  return {
    /** Tells of replicas from now on. */
    followReplicas(read: () => readonly ReplicaGauge[]): void {
      states = read;
      reads.inc({ server: 'replica' }, 0);
      reads.inc({ server: 'primary' }, 0);
    },
    readDone: (server: 'replica' | 'primary'): void => reads.inc({ server }),
  };
}
