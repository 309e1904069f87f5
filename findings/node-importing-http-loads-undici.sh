#!/usr/bin/env bash
# Node.js 24.21.0: `import 'node:http'` in an ES module loads all of undici, which `require('node:http')` of the same module does not. To
# give an ES module its named exports, Node reads every property of the built-in module once, and some of node:http's (WebSocket,
# CloseEvent, MessageEvent) are getters that load it. That costs each process some 14 MB, whether or not it ever opens a WebSocket.
#
# Output seen:
#   import 'node:http'             internal/deps/undici/undici
#   require('node:http')           nothing of undici
#   getBuiltinModule('node:http')  nothing of undici
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save --allow-scripts=node node@24.21.0 2>/dev/null || npm install --silent --no-audit --no-fund --no-save node@24.21.0
node=$PWD/node_modules/.bin/node

loaded="const found = process.moduleLoadList.filter((name) => name.includes('undici')).map((name) => name.replace('NativeModule ', ''));
  console.log(found.join() || 'nothing of undici');"
{
  printf '%-30s ' "import 'node:http'"
  "$node" --input-type=module --eval "import 'node:http'; $loaded"
  printf '%-30s ' "require('node:http')"
  "$node" --input-type=commonjs --eval "require('node:http'); $loaded"
  printf '%-30s ' "getBuiltinModule('node:http')"
  "$node" --input-type=module --eval "process.getBuiltinModule('node:http'); $loaded"
} | tee seen
diff seen - <<'SEEN'
import 'node:http'             internal/deps/undici/undici
require('node:http')           nothing of undici
getBuiltinModule('node:http')  nothing of undici
SEEN
