#!/usr/bin/env bash
# ajv 8.20.0 with ajv-formats 3.0.1: the format "uuid" takes `urn:uuid:…` too, in its full and in its fast mode.
# JSON Schema (2020-12 validation, 7.3.5) names RFC 4122's UUID, whose text has no such prefix: a URN is what "uri" is for. PostgreSQL's
# type uuid takes hyphens and braces in many places, but refuses this: so a value that was validated can still fail there.
#
# Output seen:
#   full  01890a5d-ac96-774b-bcce-b302099a8057           true
#   full  urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057  true
#   full  {01890a5d-ac96-774b-bcce-b302099a8057}         false
#   fast  01890a5d-ac96-774b-bcce-b302099a8057           true
#   fast  urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057  true
#   fast  {01890a5d-ac96-774b-bcce-b302099a8057}         false
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save ajv@8.20.0 ajv-formats@3.0.1

cat >try.cjs <<'JS'
const Ajv = require('ajv');
const addFormats = require('ajv-formats');
const id = '01890a5d-ac96-774b-bcce-b302099a8057';
for (const mode of ['full', 'fast']) {
  const ajv = addFormats(new Ajv.default(), { mode });
  for (const text of [id, `urn:uuid:${id}`, `{${id}}`]) {
    console.log(`${mode}  ${text.padEnd(45)}  ${ajv.validate({ type: 'string', format: 'uuid' }, text)}`);
  }
}
JS
node try.cjs | tee seen
diff seen - <<'SEEN'
full  01890a5d-ac96-774b-bcce-b302099a8057           true
full  urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057  true
full  {01890a5d-ac96-774b-bcce-b302099a8057}         false
fast  01890a5d-ac96-774b-bcce-b302099a8057           true
fast  urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057  true
fast  {01890a5d-ac96-774b-bcce-b302099a8057}         false
SEEN
