#!/usr/bin/env bash
# pg-connection-string 2.14.1: in a URL, the name of the database is decoded only in part. `%20` becomes a space, but `%2F`, `%3F`, `%23` and
# `%26` stay as they are (decodeURI, not decodeURIComponent), while user and password are decoded whole. PostgreSQL's documentation of
# connection URIs (34.1.1.2) lets percent-encoding stand for any character in any part. So a database whose name holds one of
# these characters cannot be named in a URL: what connects asks for another one.
#
# Output seen:
#   user      %2F -> /    %20 -> " "
#   password  %2F -> /    %20 -> " "
#   database  %2F -> %2F  %3F -> %3F  %23 -> %23  %26 -> %26  %20 -> " "
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save pg-connection-string@2.14.1

cat >try.cjs <<'JS'
const { parse } = require('pg-connection-string');
const shown = (text) => (text === ' ' ? '" "' : text).padEnd(3);
const line = (part, codes, read) =>
  `${part.padEnd(8)}  ${codes.map((code) => `${code} -> ${shown(read(code))}`).join('  ')}`.trimEnd();
console.log(line('user', ['%2F', '%20'], (code) => parse(`postgres://${code}:p@localhost/d`).user));
console.log(line('password', ['%2F', '%20'], (code) => parse(`postgres://u:${code}@localhost/d`).password));
console.log(
  line('database', ['%2F', '%3F', '%23', '%26', '%20'], (code) => parse(`postgres://u:p@localhost/${code}`).database),
);
JS
node try.cjs | tee seen
diff seen - <<'SEEN'
user      %2F -> /    %20 -> " "
password  %2F -> /    %20 -> " "
database  %2F -> %2F  %3F -> %3F  %23 -> %23  %26 -> %26  %20 -> " "
SEEN
