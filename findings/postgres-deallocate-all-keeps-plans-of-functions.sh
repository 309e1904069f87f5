#!/usr/bin/env bash
# PostgreSQL 18 (as PGlite 0.5.17 has it): a plpgsql trigger that names a column of NEW keeps that column's type for as long as its session
# lasts. ALTER TABLE … ALTER COLUMN … TYPE by whoever else does not make it forget: each further write of the session fails with 42804, and
# so it goes on however often it is tried. DEALLOCATE ALL, the known remedy for 0A000 "cached plan must not change result type", does not
# help, since these are no prepared statements of the client; DISCARD PLANS does, and leaves the prepared statements where they are.
#
# Output seen:
#   before               inserted
#   type changed         42804 type of parameter 14 (character varying) does not match that when preparing the plan (text)
#   again                42804 type of parameter 14 (character varying) does not match that when preparing the plan (text)
#   deallocate all       42804 type of parameter 14 (character varying) does not match that when preparing the plan (text)
#   discard plans        inserted
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save @electric-sql/pglite@0.5.17

cat >try.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';

const db = await PGlite.create();
await db.exec(`
  create table notes (title text);
  create table titles (title text);
  create function keep() returns trigger language plpgsql as $$
  begin
    insert into titles values (new.title);
    return null;
  end $$;
  create trigger keep after insert on notes for each row execute function keep();
`);
const attempt = async (when) => {
  const outcome = await db
    .exec(`insert into notes values ('one')`)
    .then(() => 'inserted', ({ code, message }) => `${code} ${message}`);
  console.log(`${when.padEnd(20)} ${outcome}`);
};
await attempt('before');
await db.exec('alter table notes alter column title type varchar(500)');
await attempt('type changed');
await attempt('again');
await db.exec('deallocate all');
await attempt('deallocate all');
await db.exec('discard plans');
await attempt('discard plans');
JS
node try.mjs | tee seen
diff seen - <<'SEEN'
before               inserted
type changed         42804 type of parameter 14 (character varying) does not match that when preparing the plan (text)
again                42804 type of parameter 14 (character varying) does not match that when preparing the plan (text)
deallocate all       42804 type of parameter 14 (character varying) does not match that when preparing the plan (text)
discard plans        inserted
SEEN
