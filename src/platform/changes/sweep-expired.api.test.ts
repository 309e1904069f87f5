import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { createOwnDatabase, type OwnDatabase } from '../../../test/harness/own-database.ts';
import { newTenant } from '../../../test/harness/tenant.ts';
import { Database } from '../database/database.ts';
import { createPool } from '../database/pool.ts';
import { sql } from '../database/sql.ts';
import { sweepExpired } from './sweep-expired.ts';

let app: TestApp;
let database: OwnDatabase;
let pool: ReturnType<typeof createPool>;

beforeAll(async () => {
  database = await createOwnDatabase();
  pool = createPool({
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
  app = await startApp({ pool });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await pool.end();
  await database[Symbol.asyncDispose]();
});

test('what has expired is removed, whosever it is, by two instances at once, and nothing else', async () => {
  const { id: userId } = (await newTenant(app)).owner;
  const { orgId } = await newTenant(app);
  const db = new Database({ pool });
  const within = db.within({ userId });
  await within.run(
    sql`insert into idempotency_keys (org_id, principal_id, route, key, fingerprint, expires_at)
        select ${orgId}, ${userId}, 'POST /x', n::text, '', now() + make_interval(secs => case when n <= 1200 then -1 else 60 end)
        from generate_series(1, 1203) n`,
  );
  const left = () => within.run(sql`select from idempotency_keys where principal_id = ${userId}`);
  const [one, other] = await Promise.all([sweepExpired(db), sweepExpired(db)]);
  expect([one + other, await left()]).toEqual([1200, 3]);
  expect(await within.run(sql`select from sessions where user_id = ${userId}`)).toBe(1);
});

test('mails and their tokens that have expired are removed, where no mail server would take them', async () => {
  const { owner, orgId } = await newTenant(app);
  const db = new Database({ pool });
  const within = db.within({ orgId, userId: owner.id });
  const ends = sql`now() + make_interval(secs => case when n = 1 then -1 else 60 end)`;
  await within.run(
    sql`insert into mails (org_id, id, kind, message, expires_at)
        select ${orgId}, gen_random_uuid(), 'invitation', 'sealed', ${ends} from generate_series(1, 2) n`,
  );
  await within.run(
    sql`insert into mail_tokens (org_id, id, user_id, purpose, email, secret_hash, generation, epoch, expires_at)
        select ${orgId}, gen_random_uuid(), ${owner.id}, 'password_reset', ${owner.email}, sha256(n::text::bytea), 0, gen_random_uuid(), ${ends}
        from generate_series(1, 2) n`,
  );
  expect([await sweepExpired(db), await sweepExpired(db)]).toEqual([2, 0]);
  expect(await within.run(sql`select from mail_tokens where user_id = ${owner.id}`)).toBe(1);
});
