export type { ReplicaFault, ReplicaState } from './replica.ts';
export { Replicas } from './replicas.ts';
