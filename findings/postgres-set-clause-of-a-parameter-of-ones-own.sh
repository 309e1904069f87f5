#!/usr/bin/env bash
# PostgreSQL 18 (as PGlite 0.5.17 has it): whoever is no superuser may set a parameter of their own, `app.door`, in a session and in a function's
# body, and may give a function a SET clause for a parameter that PostgreSQL knows. A SET clause for their own is refused, and so is
# ALTER ROLE … SET: what is stored might turn out to be an extension's parameter for superusers. Once a superuser has granted SET on the
# parameter, which nobody has declared, both are taken.
#
# Output seen:
#   set in the session        taken
#   set_config in a body      taken
#   set clause, work_mem      taken
#   set clause, app.door      42501 permission denied to set parameter "app.door"
#   alter role, app.door      42501 permission denied to set parameter "app.door"
#   the same, SET granted     taken
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save @electric-sql/pglite@0.5.17

cat >try.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';

const db = await PGlite.create();
await db.exec('create role owner; create schema app authorization owner; set role owner; set search_path = app');
const attempt = async (what, statement) => {
  const outcome = await db.exec(statement).then(
    () => 'taken',
    ({ code, message }) => `${code} ${message}`,
  );
  console.log(`${what.padEnd(25)} ${outcome}`);
};
const clause = (name) => `create or replace function f() returns int language sql set ${name} as 'select 1'`;
await attempt('set in the session', `set app.door = 'open'`);
await attempt(
  'set_config in a body',
  `create function g() returns text language sql as $$ select set_config('app.door', 'open', true) $$; select g()`,
);
await attempt('set clause, work_mem', clause(`work_mem = '8MB'`));
await attempt('set clause, app.door', clause(`app.door = 'open'`));
await attempt('alter role, app.door', `alter role owner set app.door = 'open'`);
await db.exec('reset role; grant set on parameter app.door to owner; set role owner');
await attempt('the same, SET granted', `${clause(`app.door = 'open'`)}; alter role owner set app.door = 'open'`);
JS
node try.mjs | tee seen
diff seen - <<'SEEN'
set in the session        taken
set_config in a body      taken
set clause, work_mem      taken
set clause, app.door      42501 permission denied to set parameter "app.door"
alter role, app.door      42501 permission denied to set parameter "app.door"
the same, SET granted     taken
SEEN
