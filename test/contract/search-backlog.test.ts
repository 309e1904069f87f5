import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { withDatabase } from '../../src/platform/database/dsn.ts';
import { migrationsDirectory } from '../../src/platform/database/preflight.ts';
import { applyMigrations, readMigrations } from '../../src/platform/migrations/index.ts';
import { createOwnDatabase } from '../harness/own-database.ts';

const words = async (client: pg.Client): Promise<string[]> => {
  const { rows } = await client.query<{ value: string }>('select value from search_entries order by 1');
  return rows.map(({ value }) => value.trim().replaceAll('\n', ' '));
};

test('what was there before can be searched after the migration, of every tenant, and again after one that was cut off', async () => {
  await using database = await createOwnDatabase({ isMigrated: false });
  const migrations = await readMigrations(migrationsDirectory);
  const first = migrations.findIndex(({ name }) => name === 'search-entries');
  const backlog = migrations.findIndex(({ name }) => name === 'search-backlog');
  const apply = (count: number) =>
    applyMigrations({
      dsn: database.owner,
      migrations: migrations.slice(0, count),
      onProgress: () => undefined,
    });
  await apply(first);
  const client = new pg.Client({
    connectionString: withDatabase(inject('databases').superuser, new URL(database.owner).pathname.slice(1)),
  });
  await client.connect();
  try {
    for (const name of ['one', 'two']) {
      const [org, team, user] = [randomUUID(), randomUUID(), randomUUID()];
      await client.query('insert into organizations (id, name, slug) values ($1, $2, $2)', [org, name]);
      await client.query(
        `insert into users (id, org_id, email, username) values ($1, $2, $3 || '@example.com', 'user-' || $3)`,
        [user, org, name],
      );
      await client.query(
        `insert into organization_memberships (org_id, user_id, role) values ($1, $2, 'owner')`,
        [org, user],
      );
      await client.query(`insert into teams (org_id, id, name, slug) values ($1, $2, 'Team', 'team')`, [
        org,
        team,
      ]);
      await client.query(
        `insert into incidents (org_id, id, team_id, title) values ($1, gen_random_uuid(), $2, 'Größe ' || $3)`,
        [org, team, name],
      );
      await client.query(
        `insert into agent_configs (org_id, id, team_id, name, agent_type) values ($1, gen_random_uuid(), $2, 'Agent ' || $3, 'custom')`,
        [org, team, name],
      );
    }
    await apply(backlog);
    expect(await words(client)).toEqual([]);
    const { rows } = await client.query<{ org_id: string }>('select org_id from search_backlog order by 1');
    // As far as a run came that was cut off: the first tenant is done, its row in the backlog is still there.
    await client.query(
      `insert into search_entries (org_id, kind, id, team_id, at, value)
       select org_id, 'incident', id, team_id, created_at, search_fold(title) from incidents where org_id = $1`,
      [rows[0]?.org_id],
    );
    await apply(migrations.length);
    expect(await words(client)).toEqual([
      'agent one',
      'agent two',
      'grosse one',
      'grosse two',
      'one@example.com user-one',
      'two@example.com user-two',
    ]);
  } finally {
    await client.end();
  }
});
