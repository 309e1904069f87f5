import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../../../test/harness/own-database.ts';
import { DataKeys } from './data-keys.ts';
import { type ConfiguredSecrets, changeKeys, KeyRing } from './key-ring/index.ts';
import { settle } from './key-ring/key-lifecycle.ts';

const old = 'the-secret-of-last-month-0123456789abcdef';
const fresh = 'the-secret-of-this-month-0123456789abcdef';
const tokenSeconds = 3_600;
const place = 'totp somebody';

let database: OwnDatabase;
let owner: pg.Pool;
let service: pg.Pool;

beforeAll(async () => {
  database = await createOwnDatabase();
  owner = new pg.Pool({ connectionString: database.owner, max: 1 });
  service = new pg.Pool({ connectionString: database.service, max: 4 });
});
afterAll(async () => {
  await Promise.all([owner.end(), service.end()]);
  await database[Symbol.asyncDispose]();
});

/** An instance of the service, as far as keys go: what it makes of them at its start. */
async function instance(secrets: ConfiguredSecrets) {
  const unreadable: string[] = [];
  const keys = await DataKeys.open({ pool: service, secrets, onUnreadable: (id) => unreadable.push(id) });
  return { keys, unreadable };
}

test('what was encrypted is read over a change of METADATA_JWT_SECRET, and after the earlier one is forgotten', async () => {
  const [first, second] = await Promise.all([instance({ current: old }), instance({ current: old })]);
  const sealed = first.keys.seal('a secret', place);
  expect(JSON.stringify(sealed)).not.toContain('a secret');
  expect(await second.keys.unseal(sealed, place)).toBe('a secret');
  expect(await second.keys.unseal(sealed, 'totp somebody else')).toBeUndefined();

  await using ring = await KeyRing.open({
    pool: service,
    secrets: { current: old },
    tokenSeconds,
    onUnreadable: () => undefined,
    onFailure: () => undefined,
  });
  const both = { current: fresh, previous: old };
  await ring.useSecrets(both);
  await first.keys.useSecrets(both);
  expect(await first.keys.unseal(sealed, place)).toBe('a secret');
  await owner.query(`update jwt_superseded_secrets set superseded_at = superseded_at - interval '1 year'`);
  const client = await owner.connect();
  await changeKeys(client, () => settle(client, tokenSeconds));
  client.release();
  const next = await instance({ current: fresh });
  expect([await next.keys.unseal(sealed, place), next.unreadable]).toEqual(['a secret', []]);
  const late = await instance({ current: old });
  expect(await late.keys.unseal(sealed, place)).toBeUndefined();
  expect(late.unreadable).toContain(sealed.keyId);
});
