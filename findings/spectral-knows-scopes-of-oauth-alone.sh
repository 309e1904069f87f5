#!/usr/bin/env bash
# Spectral's `oas` ruleset (rulesets 1.23.1, core 1.24.1): in OpenAPI 3.1 a security requirement may name, for a scheme of any type, what it must
# grant (3.1.0, "Security Requirement Object": names of roles where the scheme is not OAuth 2 or OpenID Connect). The rule
# oas3-operation-security-defined takes such names for scopes that the scheme fails to define, also in documents of 3.1: a key's scopes cannot be
# told that way without switching it off.
#
# Output seen:
#   3.1.0 http bearer, no names   -
#   3.1.0 http bearer, a name     oas3-operation-security-defined: "things:read" must be listed among scopes.
#   3.1.0 apiKey, a name          oas3-operation-security-defined: "things:read" must be listed among scopes.
#   3.1.0 oauth2, its scope       -
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save @stoplight/spectral-core@1.24.1 @stoplight/spectral-rulesets@1.23.1

cat >try.mjs <<'JS'
import core from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';

const spectral = new core.Spectral();
spectral.setRuleset({ extends: [[rulesets.oas, 'off']], rules: { 'oas3-operation-security-defined': true } });
const schemes = {
  bearer: { type: 'http', scheme: 'bearer' },
  key: { type: 'apiKey', in: 'header', name: 'X-Key' },
  oauth: {
    type: 'oauth2',
    flows: { clientCredentials: { tokenUrl: 'https://example.com/token', scopes: { 'things:read': 'Read things' } } },
  },
};
const lint = async (what, scheme, names) => {
  const document = {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    components: { securitySchemes: schemes },
    paths: { '/things': { get: { security: [{ [scheme]: names }], responses: { 200: { description: 'Things' } } } } },
  };
  const found = await spectral.run(document);
  console.log(`3.1.0 ${what.padEnd(23)} ${found.map(({ code, message }) => `${code}: ${message}`).join('; ') || '-'}`);
};
await lint('http bearer, no names', 'bearer', []);
await lint('http bearer, a name', 'bearer', ['things:read']);
await lint('apiKey, a name', 'key', ['things:read']);
await lint('oauth2, its scope', 'oauth', ['things:read']);
JS
node try.mjs | tee seen
diff seen - <<'SEEN'
3.1.0 http bearer, no names   -
3.1.0 http bearer, a name     oas3-operation-security-defined: "things:read" must be listed among scopes.
3.1.0 apiKey, a name          oas3-operation-security-defined: "things:read" must be listed among scopes.
3.1.0 oauth2, its scope       -
SEEN
