import type { FastifyRequest } from 'fastify';
import type { PendingPrincipal } from '../auth/pending-principal.ts';
import type { PayloadFingerprints } from '../changes/payload-fingerprints.ts';
import type { Refusal } from './refusal.ts';

/** What stands before routes. Each throws the error to answer with. */
export interface Guards {
  /** Finds out whom the token of a request names. */
  readonly authenticate: (request: FastifyRequest) => PendingPrincipal | Promise<PendingPrincipal>;
  /** Refuses whoever is not the operator. */
  readonly requireOperator?: (request: FastifyRequest) => void;
  /** Knows again what came with an Idempotency-Key. */
  readonly fingerprints: Pick<PayloadFingerprints, 'of'>;
  /** Refuses changes while none are taken, or lets them wait where that passes: a promise only then. */
  readonly admitChange?: () => Promise<void> | undefined;
  /** How far the database has come, once something was changed; undefined where nobody is to know. */
  readonly position?: (() => Promise<string | undefined>) | undefined;
  /** Told once a change was made after which somebody may do more or less than before, ahead of the reply. */
  readonly accessChanged?: (() => void) | undefined;
  /** Told of what somebody was refused who is known, once they have their answer. */
  readonly onRefused?: (refusal: Refusal) => void;
  /** Asks again, for a change, where no database answers. */
  readonly patiently?: <Result>(read: () => Promise<Result>) => Promise<Result>;
}
