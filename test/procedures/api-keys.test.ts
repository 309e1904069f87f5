import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scopes } from '../../src/platform/auth/scopes.ts';
import { temporaryFolder } from '../acceptance/service-process.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import { newTenant, password } from '../harness/tenant.ts';
import { block } from './document-block.ts';

const document = 'api-keys.md';
let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

test('docs/api-keys.md makes, uses, rotates and revokes a key, word for word', async () => {
  await using folder = await temporaryFolder();
  const { owner, orgId, teamId } = await newTenant(app);
  const [make, account, use, rotate, revoke, read] = await Promise.all(
    [
      'made.json',
      'service-accounts',
      'Idempotency-Key: alert-4711',
      'rotated.json',
      '-X DELETE',
      'api_key_id=',
    ].map((says) => block(document, says)),
  );
  const me = (key: string) =>
    `curl -sS -o /dev/null -w '%{http_code}\\n' "$BROWNIE_URL/api/v1/auth/me" -H "Authorization: Bearer ${key}"\n`;
  const both = me('$KEY') + me('$NEW_KEY');
  const { stdout } = await promisify(execFile)(
    'bash',
    ['-euc', `${make}${account}${use}${rotate}${both}${revoke}${both}${me('$AGENT_KEY')}${read}`],
    {
      cwd: folder.path,
      env: {
        PATH: process.env['PATH'],
        BROWNIE_URL: app.url,
        EMAIL: owner.email,
        PASSWORD: password,
        ORGANIZATION: orgId,
        TEAM: teamId,
      },
    },
  );
  const [incident, ...lines] = stdout.trimEnd().split('\n');
  expect(lines.slice(0, 5)).toEqual(['200', '200', '401', '401', '200']);
  expect(lines[5]).toMatch(new RegExp(`^\\S+Z\t127\\.0\\.0\\.1\tincident\\.created\t${incident}$`));
});

test('it names every scope', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs', document), 'utf8');
  expect(scopes.filter((scope) => !text.includes(`\`${scope}\``))).toEqual([]);
});
