import { PendingPrincipal } from './pending-principal.ts';
import type { Principal } from './principal.ts';
import { PrincipalRow, principalStatement } from './principal-store.ts';

/** Somebody whom the database has said to be this principal. */
export function known(principal: Principal): PendingPrincipal {
  const pending = new PendingPrincipal({
    subject: principal,
    statement: principalStatement(principal),
    row: PrincipalRow,
    read: () => principal,
    ask: () => Promise.reject(new Error('it is known who calls')),
    onRefused: () => undefined,
  });
  pending.settle([]);
  return pending;
}
