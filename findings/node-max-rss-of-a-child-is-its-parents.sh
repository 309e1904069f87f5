#!/usr/bin/env bash
# Node.js 24.21.0 on Linux: `process.resourceUsage().maxRSS` of a process is no less than what the process that spawned it had resident at that
# moment. The kernel keeps the mark across execve, and a spawned process is its parent's memory until then. A limit that a test or a
# watchdog puts on it judges whoever started the process, too; VmHWM in /proc/self/status is the process's own.
#
# Output seen:
#   spawned by a small process            maxRSS under 200 MiB   VmHWM under 200 MiB
#   spawned by a process of 500 MiB       maxRSS over 500 MiB    VmHWM under 200 MiB
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save node@24.21.0

cat >child.mjs <<'JS'
import { readFileSync } from 'node:fs';

const own = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
console.log(JSON.stringify({ maxRss: process.resourceUsage().maxRSS, own }));
JS
cat >try.mjs <<'JS'
import { spawnSync } from 'node:child_process';

const size = (kib) => (kib > 500 * 1024 ? 'over 500 MiB ' : kib < 200 * 1024 ? 'under 200 MiB' : `${kib} KiB`);
const tell = (what) => {
  const { maxRss, own } = JSON.parse(spawnSync(process.execPath, ['child.mjs']).stdout.toString());
  console.log(`${what.padEnd(37)} maxRSS ${size(maxRss)}   VmHWM ${size(own)}`);
};
tell('spawned by a small process');
const held = Buffer.alloc(500 * 1024 * 1024, 1);
tell('spawned by a process of 500 MiB');
held.at(0);
JS
node_modules/.bin/node try.mjs | tee seen
diff seen - <<'SEEN'
spawned by a small process            maxRSS under 200 MiB   VmHWM under 200 MiB
spawned by a process of 500 MiB       maxRSS over 500 MiB    VmHWM under 200 MiB
SEEN
