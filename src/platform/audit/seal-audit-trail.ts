import { Type } from 'typebox';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';

const Sealed = Type.Object({ sealed: Type.Integer() });

const batchMax = 500;
const batchesMax = 20;

/**
 * Gives entries that were committed their places in the chains of their organizations, batch by batch, a transaction each; answers how many. One
 * instance at a time does it: another one leaves it to that one, or, being patient, waits for its turn. See migrations/0045-audit-chain.sql.
 */
export async function sealAuditTrail(
  db: Database,
  { isPatient }: { readonly isPatient: boolean },
): Promise<number> {
  let total = 0;
  for (let batch = 0, last = batchMax; last === batchMax && batch < batchesMax; batch += 1) {
    const { sealed } = await db
      .within({})
      .one(Sealed, sql`select seal_audit_events(${batchMax}, ${isPatient}) as sealed`);
    last = sealed;
    total += sealed;
  }
  return total;
}
