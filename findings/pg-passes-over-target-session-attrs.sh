#!/usr/bin/env bash
# node-postgres (pg 8.23.1): a connection string as libpq has it (PostgreSQL manual, "Connecting to Multiple Servers") is read, and means something
# else. `target_session_attrs` is passed over without a word, whatever it says: a client that asked for a server that takes writes gets one that
# does not. Of several servers without ports the whole list is one host name; with ports the string is no URL.
#
# Output seen, of a server that is read-only:
#   target_session_attrs=read-write    connected, transaction_read_only is on
#   target_session_attrs=nonsense      connected, transaction_read_only is on
#   a,b                                ENOTFOUND getaddrinfo ENOTFOUND a.invalid,b.invalid
#   a:5432,b:5432                      ERR_INVALID_URL Invalid URL
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# Its extensions are peers that are not needed here.
npm install --silent --legacy-peer-deps --no-audit --no-fund --no-save @electric-sql/pglite@0.5.17 @electric-sql/pglite-socket@0.2.17 pg@8.23.1

cat >try.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import pg from 'pg';

const db = await PGlite.create();
await db.exec('set default_transaction_read_only = on');
const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0 });
await server.start();

async function attempt(what, dsn) {
  let outcome;
  try {
    const client = new pg.Client(dsn);
    await client.connect();
    const { rows } = await client.query('show transaction_read_only');
    outcome = `connected, transaction_read_only is ${rows[0].transaction_read_only}`;
    await client.end();
  } catch ({ code, message }) {
    outcome = `${code} ${message}`;
  }
  console.log(`${what.padEnd(34)} ${outcome}`);
}
for (const word of ['read-write', 'nonsense']) {
  const asked = `target_session_attrs=${word}`;
  await attempt(asked, `postgresql://postgres@${server.getServerConn()}/postgres?${asked}`);
}
await attempt('a,b', 'postgresql://postgres@a.invalid,b.invalid/postgres');
await attempt('a:5432,b:5432', 'postgresql://postgres@a.invalid:5432,b.invalid:5432/postgres');
await server.stop();
await db.close();
JS
node try.mjs | tee seen
diff seen - <<'SEEN'
target_session_attrs=read-write    connected, transaction_read_only is on
target_session_attrs=nonsense      connected, transaction_read_only is on
a,b                                ENOTFOUND getaddrinfo ENOTFOUND a.invalid,b.invalid
a:5432,b:5432                      ERR_INVALID_URL Invalid URL
SEEN
