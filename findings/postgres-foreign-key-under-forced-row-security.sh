#!/usr/bin/env bash
# PostgreSQL 18 (as PGlite 0.5.17 has it): under FORCE ROW LEVEL SECURITY, ALTER TABLE … ADD FOREIGN KEY by the tables' owner looks through
# the policies of the tables that it compares. The documentation (CREATE POLICY; 5.9 Row Security Policies) says that referential integrity
# checks bypass row security, which is so for single rows later on, but not for this one query over all rows: a key that holds is refused
# with 23503 where the policy shows the owner other rows. `row_security = off` turns that into an error that names the cause (42501);
# whoever is above row security gets the key.
#
# Output seen:
#   owner as tenant 1          added
#   owner as tenant 2          23503 insert or update on table "incidents" violates foreign key constraint "team"
#   owner, row_security = off  42501 query would be affected by row-level security policy for table "teams"
#   superuser                  added
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save @electric-sql/pglite@0.5.17

cat >try.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';

const db = await PGlite.create();
await db.exec(`
  create role owner;
  create schema app authorization owner;
  set role owner;
  set search_path = app;
  create table teams (id int primary key, tenant int);
  create table incidents (team_id int);
  insert into teams values (1, 1);
  insert into incidents values (1);
  alter table teams enable row level security;
  alter table teams force row level security;
  create policy by_tenant on teams using (tenant = current_setting('app.tenant')::int);
`);
const attempt = async (who, settings) => {
  await db.exec('begin');
  const outcome = await db
    .exec(`${settings}; alter table app.incidents add constraint team foreign key (team_id) references app.teams`)
    .then(() => 'added', ({ code, message }) => `${code} ${message}`);
  await db.exec('rollback');
  console.log(`${who.padEnd(26)} ${outcome}`);
};
await attempt('owner as tenant 1', `set local app.tenant = '1'`);
await attempt('owner as tenant 2', `set local app.tenant = '2'`);
await attempt('owner, row_security = off', `set local app.tenant = '2'; set local row_security = off`);
await attempt('superuser', `set local role none; set local app.tenant = '2'`);
JS
node try.mjs | tee seen
diff seen - <<'SEEN'
owner as tenant 1          added
owner as tenant 2          23503 insert or update on table "incidents" violates foreign key constraint "team"
owner, row_security = off  42501 query would be affected by row-level security policy for table "teams"
superuser                  added
SEEN
