import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { claimsOf } from '../../../test/harness/identity-provider.ts';
import { createOwnDatabase } from '../../../test/harness/own-database.ts';
import { startSingleSignOn } from '../../../test/harness/single-sign-on.ts';
import { createPool } from '../../platform/database/pool.ts';

test('somebody who is linked by hand, as docs/deployment.md says, comes in without a verified address', async () => {
  await using sso = await startSingleSignOn();
  const { id, email } = await sso.user({ is_verified: false });
  const account = sso.provider.account({ email: 'somebody@else.example.com', email_verified: false });
  expect((await sso.logIn(account)).status).toBe(401);
  const document = readFileSync(join(import.meta.dirname, '../../../docs/deployment.md'), 'utf8');
  const [, statement = ''] = /```sql\n(insert into user_identities[^`]+)```/.exec(document) ?? [];
  const { rowCount } = await sso.app.superuser.query(
    statement
      .replace(/'https:[^']+'/, pg.escapeLiteral(sso.provider.issuer))
      .replace("'<sub of the ID token>'", pg.escapeLiteral(account.sub))
      .replace("'ada@example.com'", pg.escapeLiteral(email)),
  );
  expect(rowCount).toBe(1);
  const reply = await sso.logIn(account);
  expect([reply.status, claimsOf(reply.body.access_token)['sub']]).toEqual([200, id]);
});

test('during maintenance whoever is linked comes in, and a first login waits until it is over', async () => {
  await using database = await createOwnDatabase();
  await using stack = new AsyncDisposableStack();
  const pool = createPool({
    dsn: database.service,
    sizeMin: 0,
    sizeMax: 5,
    acquireTimeoutMs: 10_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });
  stack.defer(() => pool.end());
  const sso = stack.use(await startSingleSignOn({}, { pool }));
  const someone = async () => sso.provider.account({ email: (await sso.user()).email });
  const [linked, first] = [await someone(), await someone()];
  expect((await sso.logIn(linked)).status).toBe(200);
  await pool.query(`insert into maintenance (message, started_by) values ('The database moves', 'test')`);
  expect((await sso.logIn(linked)).status).toBe(200);
  const refused = await sso.logIn(first);
  expect([refused.status, refused.body.code]).toEqual([503, 'service.maintenance']);
  await pool.query('delete from maintenance');
  expect((await sso.logIn(first)).status).toBe(200);
});
