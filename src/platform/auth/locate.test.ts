import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Database } from '../database/database.ts';
import { Caller } from './caller.ts';
import { locate } from './locate.ts';
import { known } from './principal.fixture.ts';

const [home, second, foreign] = [randomUUID(), randomUUID(), randomUUID()];
const caller = new Caller({
  pending: known({
    userId: randomUUID(),
    email: 'ada@example.com',
    username: 'ada',
    orgId: home,
    organizations: new Map([
      [second, 'owner'],
      [home, 'member'],
    ]),
    teams: new Map(),
  }),
  permission: 'team:read',
  requestId: 'r-1',
  address: '127.0.0.1',
});

/** A database that is not asked. */
const nowhere = { lookUp: () => undefined } as unknown as Database;

/** Looks for a resource that this organization holds; answers what was found and where was looked. */
async function search(holder: string) {
  const looked: string[] = [];
  const found = await locate(nowhere, caller, 'team.not_found', async (_within, orgId) => {
    looked.push(orgId);
    return orgId === holder ? { org_id: orgId } : undefined;
  }).catch((error: unknown) => error);
  return { found, looked };
}

describe('a resource', () => {
  test('is looked for in the organization of the token first, and no further once it is found', async () => {
    expect(await search(home)).toEqual({ found: { org_id: home }, looked: [home] });
  });

  test('is found in any organization of the caller', async () => {
    expect(await search(second)).toEqual({ found: { org_id: second }, looked: [home, second] });
  });

  test('of a foreign organization is not there, and is not looked for there', async () => {
    const { found, looked } = await search(foreign);
    expect(found).toMatchObject({ code: 'team.not_found', status: 404 });
    expect(looked).not.toContain(foreign);
  });
});
