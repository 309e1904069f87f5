import { PendingPrincipal } from './pending-principal.ts';
import type { Principal } from './principal.ts';

/** Somebody whom the database has said to be this principal. */
export function known(principal: Principal): PendingPrincipal {
  const pending = new PendingPrincipal({
    subject: principal,
    read: () => principal,
    ask: () => Promise.reject(new Error('it is known who calls')),
    onRefused: () => undefined,
  });
  pending.settle([]);
  return pending;
}
