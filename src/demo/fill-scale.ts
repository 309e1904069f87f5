import { Type } from 'typebox';
import { operator } from '../platform/audit/audit-entry.ts';
import { changeBy } from '../platform/changes/change.ts';
import type { Database } from '../platform/database/database.ts';
import { sql } from '../platform/database/sql.ts';
import type { Transaction } from '../platform/database/transaction.ts';
import type { OnProgress } from './fill-options.ts';
import {
  incidentsStatement,
  organizationStatement,
  type ScaleOrganization,
  teamMembershipsStatement,
  teamsStatement,
  usersStatement,
} from './scale-statements.ts';

/** How many of each there shall be in all, spread evenly over the organizations. */
export interface Scale {
  readonly organizations: number;
  readonly users: number;
  readonly incidents: number;
}

interface ScaleOptions {
  readonly scale: Scale;
  /** Of the first user of each organization. */
  readonly passwordHash: string;
  /** Milliseconds since 1970: where the year of data ends. */
  readonly now: number;
  readonly onProgress: OnProgress;
}

const batchLength = 5_000;
const Ids = Type.Object({ ids: Type.Array(Type.String()) });

/** So many of `total` fall to the `index`-th of `parts`. */
export const shareOf = (total: number, index: number, parts: number): number =>
  Math.floor((total * (index + 1)) / parts) - Math.floor((total * index) / parts);

/**
 * Makes organizations of which there are many, `Scale 1` and so on, each in a transaction of its own: what was cut off is gone on with, and those
 * that are there already stay as they are. PostgreSQL makes the rows itself, by the thousand: nothing is sent, not even by COPY. Answers how
 * many organizations were made.
 */
export async function fillScale(
  db: Database,
  { scale, passwordHash, now, onProgress }: ScaleOptions,
): Promise<number> {
  let [made, incidents] = [0, 0];
  for (let index = 0; index < scale.organizations; index += 1) {
    const of = { id: idOf(index + 1), number: index + 1, now: new Date(now).toISOString() };
    const own = {
      users: shareOf(scale.users, index, scale.organizations),
      incidents: shareOf(scale.incidents, index, scale.organizations),
    };
    const onBatch = (done: number): void => onProgress('incidents', incidents + done, scale.incidents);
    made += await fillOne(db, of, own, passwordHash, onBatch);
    incidents += own.incidents;
    onBatch(0);
  }
  return made;
}

async function fillOne(
  db: Database,
  of: ScaleOrganization,
  { users, incidents }: Omit<Scale, 'organizations'>,
  passwordHash: string,
  onBatch: (done: number) => void,
): Promise<number> {
  return await changeBy(db, operator, of.id, async (tx, record) => {
    // @NOTE of two runs at the same time the second waits here, then finds it done.
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${of.id}, 0))`);
    if ((await tx.run(sql`select from organizations where id = ${of.id}`)) === 1) {
      return 0;
    }
    await tx.run(organizationStatement(of));
    await tx.run(usersStatement(of, users, passwordHash));
    await tx.run(teamsStatement(of));
    await tx.run(teamMembershipsStatement(of));
    const choices = {
      teams: await idsOf(tx, sql`select id from teams where org_id = ${of.id}`),
      people: await idsOf(
        tx,
        sql`select user_id as id from organization_memberships where org_id = ${of.id} limit 1000`,
      ),
    };
    for (let from = 1; from <= incidents; from += batchLength) {
      const to = Math.min(incidents, from + batchLength - 1);
      await tx.run(incidentsStatement(of, { from, to, total: incidents }, choices));
      onBatch(to);
    }
    const resource = { resourceType: 'organization', resourceId: of.id };
    record({ ...resource, at: of.now, action: 'demo.filled', after: { users, incidents } });
    return 1;
  });
}

/** @NOTE of version 7, of a moment long ago, as that of the demonstration's own organization. */
const idOf = (number: number): string => `018bcfe5-6800-7000-8001-${number.toString(16).padStart(12, '0')}`;

const idsOf = async (tx: Transaction, ids: ReturnType<typeof sql>): Promise<readonly string[]> =>
  (await tx.one(Ids, sql`select array_agg(id::text order by id) as ids from (${ids}) chosen`)).ids;
