#!/usr/bin/env bash
# PostgreSQL 18 (as PGlite 0.5.17 has it): under row-level security a condition whose operator is not leakproof, LIKE among them, is no index
# condition, whatever index there is: its rows are filtered after the policy. One would take that for a property of the table. It is one
# of the policy: where the planner reduces its condition to true, nothing stands before LIKE, and the trigram index is used, though
# row-level security is enabled and forced. `tenant is not null`, true of every row as well, is not reduced.
#
# Output seen:
#   tenant = 1          Seq Scan on notes
#   tenant is not null  Seq Scan on notes
#   1 = 1               Bitmap Heap Scan on notes
#   true                Bitmap Heap Scan on notes
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save @electric-sql/pglite@0.5.17

cat >try.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';

const db = await PGlite.create({ extensions: { pg_trgm } });
await db.exec(`
  create extension pg_trgm;
  create role owner;
  create schema app authorization owner;
  grant usage on schema public to owner;
  set role owner;
  set search_path = app, public;
  create table notes (tenant int, body text);
  insert into notes select n % 10, md5(n::text) from generate_series(1, 20000) n;
  create index on notes using gin (body gin_trgm_ops);
  alter table notes enable row level security;
  alter table notes force row level security;
  analyze notes;
`);
for (const policy of ['tenant = 1', 'tenant is not null', '1 = 1', 'true']) {
  await db.exec(`drop policy if exists which on notes; create policy which on notes using (${policy})`);
  const { rows } = await db.query(`explain (costs off) select from notes where body like '%abcd%'`);
  const scan = rows.map((row) => row['QUERY PLAN'].trim()).find((line) => line.includes('Scan on notes'));
  console.log(`${policy.padEnd(19)} ${scan.replace('->  ', '')}`);
}
JS
node try.mjs | tee seen
diff seen - <<'SEEN'
tenant = 1          Seq Scan on notes
tenant is not null  Seq Scan on notes
1 = 1               Bitmap Heap Scan on notes
true                Bitmap Heap Scan on notes
SEEN
