#!/usr/bin/env bash
# openapi-typescript 7.13.0: a property that is not in `required` becomes a required one of the type as soon as its schema states a
# `default`, in bodies of requests, too. OpenAPI 3.1 takes `default` from JSON Schema (2020-12 validation, 9.2), where it is an annotation
# and requires nothing: a client that is made so must send what the server fills in. `--default-non-nullable=false` keeps the property
# optional; the default of that option, true, is meant for what a server answers.
#
# Output seen:
#   as it comes                    name: string;   note?: string;   size: number;
#   --default-non-nullable=false   name: string;   note?: string;   size?: number;
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save openapi-typescript@7.13.0 typescript@5.9.3

cat >api.json <<'JSON'
{
  "openapi": "3.1.0",
  "info": { "title": "Things", "version": "1" },
  "paths": {},
  "components": {
    "schemas": {
      "NewThing": {
        "type": "object",
        "required": ["name"],
        "properties": {
          "name": { "type": "string" },
          "note": { "type": "string" },
          "size": { "type": "integer", "default": 3 }
        }
      }
    }
  }
}
JSON
properties() {
  node_modules/.bin/openapi-typescript api.json "$@" 2>/dev/null | grep -oE '(name|note|size)\??: [a-z]+;' | paste -sd ' ' | sed 's/; /;   /g'
}
{
  echo "as it comes                    $(properties)"
  echo "--default-non-nullable=false   $(properties --default-non-nullable=false)"
} | tee seen
diff seen - <<'SEEN'
as it comes                    name: string;   note?: string;   size: number;
--default-non-nullable=false   name: string;   note?: string;   size?: number;
SEEN
