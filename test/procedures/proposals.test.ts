import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyOf } from '../harness/api-key.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import { newTenant } from '../harness/tenant.ts';
import { block } from './document-block.ts';

const document = 'proposals.md';
let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

test('docs/proposals.md proposes as an agent, sees what waits, and approves, word for word', async () => {
  const tenant = await newTenant(app);
  const { owner, orgId, teamId } = tenant;
  const member = await tenant.person('member');
  const { key } = await keyOf(app.superuser, { orgId, userId: member.id, scopes: ['agent_configs:propose'] });
  const config = await owner.client.post(`/teams/${teamId}/agent-configs`, {
    name: 'A',
    agent_type: 'custom',
  });
  const run = async (script: string, variables: Readonly<Record<string, string>>) =>
    JSON.parse(
      (
        await promisify(execFile)('bash', ['-euc', script], {
          env: {
            PATH: process.env['PATH'],
            URL: app.url,
            ORG_ID: orgId,
            CONFIG_ID: config.body.id,
            AGENT: key,
            TOKEN: owner.client.token,
            ...variables,
          },
        })
      ).stdout,
    );
  const proposed = await run(await block(document, 'base_version'), {});
  expect(proposed).toMatchObject({ status: 'open', evidence: { run_id: 'run-4711' } });
  const decision = (await block(document, 'waiting_for_me')).split('\n');
  const [list = '', approve = ''] = decision.filter((line) => line.startsWith('curl'));
  expect((await run(list, {})).items.map(({ id }: { id: string }) => id)).toEqual([proposed.id]);
  expect(await run(approve, { PROPOSAL_ID: proposed.id })).toMatchObject({ status: 'approved', version: 2 });
});
