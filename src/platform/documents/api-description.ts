/** What a reader needs before the first call: shown at the top of the documents, as Markdown. */
export const apiDescription = `
The system of record of Brownie, the incident assistant: organizations, teams, users, incidents, agent
configurations and stats, kept apart per organization.

**Authentication.** \`POST /api/v1/auth/signup\` or \`POST /api/v1/auth/login\` gives an access token; send it as
\`Authorization: Bearer <token>\`. It works until it expires, and only while its user is active.
Programs send an API key in its place, \`Authorization: Bearer brw_…\`: it may do what its scopes say, and never more than
the user for whom it acts may at that moment.

**Tenancy.** The organization comes from the token, never from the body. What another organization holds answers 404,
as if it did not exist. What a role allows is said at each operation and in its \`x-permission\`.

**Errors** are problem documents (RFC 9457, \`application/problem+json\`). Branch on \`code\`, which is stable; show
\`detail\` to people; quote \`request_id\` when you report one. For 422, \`errors\` names each field at fault by a JSON
pointer (\`/query/…\`, \`/path/…\` and \`/headers/…\` outside the body). Fields that an operation does not know are
refused. After 429 and 503, wait for the seconds in \`Retry-After\`.

**Paging.** Lists that page take \`limit\` and \`cursor\` and answer \`{ items, next_cursor, has_more }\`: newest first,
every row exactly once, also while others are added. Cursors are opaque: send back \`next_cursor\` as it is.

**Idempotency.** Where \`Idempotency-Key\` is taken, repeating a request with the same key within a day gives the first
reply again, marked \`Idempotency-Replayed: true\`, and changes nothing a second time.

**Concurrent edits.** Replies with an \`ETag\` carry the version of the resource. Send it as \`If-Match\` with an update:
412 says that someone else was faster. An update that changes nothing answers what is there, with the same \`ETag\`, and leaves no trace.

**Order.** Of one resource, \`updated_at\`, versions, events and audit entries are in the order in which its changes took effect.

**Formats.** JSON, \`snake_case\`, ids are UUIDs, times are UTC in RFC 3339. Bodies go up to 1 MiB, to 32 KiB
where no token is asked for. Every reply carries
\`X-Request-ID\`: yours where you sent one.
`.trim();
