import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestApp } from '../harness/app.ts';
import { fillTables } from '../harness/fill-tables.ts';
import { startAttackedApp } from './attacked-app.ts';
import { newMarkedWorld } from './marked-world.ts';
import { emptyTables, policyMutants, rowFaults } from './row-walk.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startAttackedApp();
});
afterAll(() => app[Symbol.asyncDispose]());

/** Tables whose policies are not tried here, and why. */
const untried: Readonly<Record<string, string>> = {
  idempotency_keys: 'shows rows by who asks, whichever the organization',
  sessions: 'shows rows by who asks, whichever the organization',
  mail_tokens: 'shows rows by who asks, whichever the organization',
  mails: 'shows rows by who asks, whichever the organization',
  login_challenges: 'shows rows by who asks, whichever the organization',
};

test('without any one policy of a table, or a table’s row-level security, rows of another organization show', async () => {
  const [a, b] = [await newMarkedWorld(app), await newMarkedWorld(app)];
  await fillTables(app, [a, b]);
  const between = { own: a.tenant.orgId, foreign: b.tenant.orgId };
  const client = await app.superuser.connect();
  const survivors: string[] = [];
  let caught = 0;
  try {
    await client.query('begin');
    expect(await rowFaults(client, between)).toEqual([]);
    await client.query('rollback');
    const empty = await emptyTables(client, between.foreign);
    expect(empty.filter((table) => untried[table] === undefined)).toEqual([]);
    for (const { name, table, statement } of await policyMutants(client)) {
      if (untried[table] !== undefined) {
        continue;
      }
      await client.query('begin');
      await client.query(statement);
      const isCaught = (await rowFaults(client, between)).length > 0;
      await client.query('rollback');
      caught += isCaught ? 1 : 0;
      survivors.push(...(isCaught ? [] : [name]));
    }
    process.stdout.write(
      `mutations: row-level security: ${caught} of ${caught + survivors.length} caught; not tried: ${Object.keys(untried).join(', ')}\n`,
    );
  } finally {
    client.release();
  }
  expect(survivors).toEqual([]);
  expect(caught).toBeGreaterThan(20);
});
