import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';
import { brokenLinks } from '../harness/document-faults.ts';
import { newTenant } from '../harness/tenant.ts';
import { block } from './document-block.ts';

const document = 'scim.md';
let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

test('docs/scim.md connects a directory, tries it, and takes a person from coming to going, word for word', async () => {
  const { owner, orgId, teamId } = await newTenant(app);
  const blocks = await Promise.all(
    ['scopes', 'nobody@example.com', 'Grace Hopper'].map((says) => block(document, says)),
  );
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', blocks.join('')], {
    env: {
      PATH: process.env['PATH'],
      BROWNIE_URL: app.url,
      TOKEN: owner.client.token,
      ORGANIZATION: orgId,
      TEAM: teamId,
    },
  });
  expect(stdout.trim().split('\n')).toEqual(['true', 'true', 'true']);
  const { rows } = await app.superuser.query(
    `select action from audit_events where org_id = $1 and action ~ '^scim_' order by occurred_at`,
    [orgId],
  );
  expect(rows.map(({ action }) => action)).toEqual([
    'scim_user.created',
    'scim_group.created',
    'scim_user.updated',
    'scim_user.deleted',
  ]);
});

test('it leads nowhere that is not there', async () => {
  const path = join(import.meta.dirname, '../../docs', document);
  expect(brokenLinks(await readFile(path, 'utf8'), path)).toEqual([]);
});
