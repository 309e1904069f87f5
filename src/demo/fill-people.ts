import { sql } from '../platform/database/sql.ts';
import type { Transaction } from '../platform/database/transaction.ts';
import { bulkInsert } from './bulk-insert.ts';
import type { Cast } from './cast.ts';
import {
  membershipRows,
  organizationRow,
  teamMembershipRows,
  teamRows,
  userRows,
} from './organization-rows.ts';
import type { LoginRole } from './people.ts';

/** Puts in the organization, its users and teams, and who is in which. */
export async function fillPeople(
  tx: Transaction,
  cast: Cast,
  passwordHashes: ReadonlyMap<LoginRole, string>,
): Promise<void> {
  const organization = organizationRow(cast);
  await bulkInsert(tx, 'organizations', [organization]);
  await bulkInsert(tx, 'users', userRows(cast, passwordHashes));
  await bulkInsert(tx, 'organization_memberships', membershipRows(cast));
  await bulkInsert(tx, 'teams', teamRows(cast));
  await bulkInsert(tx, 'team_memberships', teamMembershipRows(cast));
  // @NOTE afterwards, because memberships and teams point at each other.
  await tx.run(
    sql`update organization_memberships m set team_id = (
          select tm.team_id from team_memberships tm where tm.org_id = m.org_id and tm.user_id = m.user_id
          order by tm.created_at limit 1
        )
        where m.org_id = ${organization.id}`,
  );
}
