import { Type } from 'typebox';
import type { CheckpointKeys, IsOurs } from '../../platform/audit/checkpoint.ts';
import { ErasureRow, erasureObject } from '../../platform/audit/erasure.ts';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';

const Row = Type.Object({ erasure: ErasureRow });

/** With the key of today, what one of before has signed: while both are known. */
export async function signErasuresAnew(
  db: Database,
  orgId: string,
  keys: CheckpointKeys,
  isOurs: IsOurs = (signed, kind) => keys.hasSigned(signed, kind),
): Promise<void> {
  const within = db.within({ orgId });
  const rows = await within.many(
    Row,
    sql`select ${erasureObject} as erasure from audit_erasures x join audit_links l on l.org_id = x.org_id and l.event_id = x.event_id
        where x.org_id = ${orgId} and x.key_id is distinct from ${keys.published()[0]?.kid ?? null}`,
  );
  for (const { erasure } of rows.filter(({ erasure: each }) => isOurs(each, 'erasure'))) {
    const { organization_id, seq, hash, entry_hash } = erasure;
    const signed = keys.sign({ organization_id, seq, hash, entry_hash }, new Date(), 'erasure');
    await within.run(
      sql`update audit_erasures set signed_at = ${signed.signed_at}, key_id = ${signed.key_id}, public_key = ${signed.public_key},
            signature = ${signed.signature}
          where org_id = ${orgId} and seq = ${seq} and signature = ${erasure.signature}`,
    );
  }
}
