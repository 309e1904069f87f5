#!/usr/bin/env bash
# PostgreSQL 18 (as PGlite 0.5.17 has it): a function that takes a row of a table and names a column of it keeps the type of that column from being
# changed, where its body is parsed (`return`, BEGIN ATOMIC), and the column from being dropped. A body that gives the whole row on, to_jsonb(entry),
# keeps every column as it is, so that it is no way around that. A body that is a text keeps nothing, and follows the new type by itself.
#
# Output seen:
#   parsed, names the column    0A000 cannot alter type of a column used by a function or procedure
#   parsed, drops the column    2BP01 cannot drop column at of table entries because other objects depend on it
#   parsed, the whole row       0A000 cannot alter table "entries" because function shown(entries) uses its row type
#   a text, names the column    taken, then "2026-01-01 00:00:00+00"
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save @electric-sql/pglite@0.5.17

cat >try.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';

const attempt = async (what, body, change) => {
  const db = await PGlite.create();
  await db.exec(`set time zone 'UTC';
    create table entries (at timestamp not null);
    insert into entries values ('2026-01-01');
    create function shown(entry entries) returns text language sql ${body}`);
  const outcome = await db.exec(change).then(
    async () => {
      const { rows } = await db.query('select shown(e) as text from entries e');
      return `taken, then ${JSON.stringify(rows[0].text)}`;
    },
    ({ code, message }) => `${code} ${message}`,
  );
  console.log(`${what.padEnd(27)} ${outcome}`);
  await db.close();
};
const retype = 'alter table entries alter column at type timestamptz';
await attempt('parsed, names the column', 'return (entry).at::text', retype);
await attempt('parsed, drops the column', 'return (entry).at::text', 'alter table entries drop column at');
await attempt('parsed, the whole row', `return to_jsonb(entry)->>'at'`, retype);
await attempt('a text, names the column', `as 'select (entry).at::text'`, retype);
JS
node try.mjs | tee seen
diff seen - <<'SEEN'
parsed, names the column    0A000 cannot alter type of a column used by a function or procedure
parsed, drops the column    2BP01 cannot drop column at of table entries because other objects depend on it
parsed, the whole row       0A000 cannot alter table "entries" because function shown(entries) uses its row type
a text, names the column    taken, then "2026-01-01 00:00:00+00"
SEEN
