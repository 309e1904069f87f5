import { type Static, Type } from 'typebox';
import type { Database } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';

const Claim = Type.Object({ org_id: Type.String(), domain: Type.String(), provider: Type.String() });
/** A domain of an organization, and the provider that is believed about its addresses. */
export type DomainClaim = Static<typeof Claim>;

const columns = sql`org_id, domain, provider`;

/** The claim of a domain, whichever organization's. */
export const claimOf = (db: Database, domain: string): Promise<DomainClaim | undefined> =>
  db.transaction({}, async (tx) => {
    // @NOTE opens the door of row-level security to this domain alone, until the transaction ends.
    await tx.run(sql`select set_config('app.login_domain', ${domain}, true)`);
    return await tx.maybe(Claim, sql`select ${columns} from organization_domains where domain = ${domain}`);
  });

/** The domains of an organization, within its scope. Only the operator's role writes. */
export const domainStore = (db: Queryable, orgId: string) => ({
  list: (): Promise<DomainClaim[]> =>
    db.many(Claim, sql`select ${columns} from organization_domains where org_id = ${orgId} order by domain`),

  /** False where another organization has it. */
  claim: async ({ domain, provider }: Pick<DomainClaim, 'domain' | 'provider'>): Promise<boolean> => {
    const made = await db.run(
      sql`insert into organization_domains (org_id, domain, provider) values (${orgId}, ${domain}, ${provider})
          on conflict do nothing`,
    );
    return (
      made === 1 ||
      (await db.run(
        sql`update organization_domains set provider = ${provider} where org_id = ${orgId} and domain = ${domain}`,
      )) === 1
    );
  },

  release: async (domain: string): Promise<boolean> =>
    (await db.run(sql`delete from organization_domains where org_id = ${orgId} and domain = ${domain}`)) ===
    1,
});
