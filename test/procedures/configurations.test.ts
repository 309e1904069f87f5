import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';
import { newTenant } from '../harness/tenant.ts';
import { block } from './document-block.ts';

const document = 'configurations.md';
let app: TestApp;
let directory: string;

beforeAll(async () => {
  app = await startApp();
  directory = await mkdtemp(join(tmpdir(), 'brownie-configurations-'));
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

test('docs/configurations.md makes layers, resolves them, and goes back, word for word', async () => {
  const { owner, orgId, teamId } = await newTenant(app);
  const parts = await Promise.all(
    ['"layer": "global"', '"layer": "alert"', 'resolved.json', 'If-None-Match', '/rollback'].map((says) =>
      block(document, says),
    ),
  );
  const { stdout } = await promisify(execFile)('bash', ['-euc', parts.join('\n')], {
    cwd: directory,
    env: {
      PATH: process.env['PATH'],
      BROWNIE_URL: app.url,
      ORGANIZATION: orgId,
      TEAM: teamId,
      TOKEN: owner.client.token,
    },
  });
  expect(stdout.trimEnd().split('\n')).toEqual([
    'active',
    'active',
    '{"limits":{"tokens":4000},"model":"large","tools":["df"]}',
    '["/limits/seconds","deleted",null,"alert"]',
    '["/limits/tokens","set",4000,"global"]',
    '["/model","set","large","global"]',
    '["/tools","set",["df"],"alert"]',
    '304',
    '3',
    '{"op":"remove","path":"/config/limits"}',
    '{"op":"replace","path":"/config/model","value":"huge"}',
    '"large"',
  ]);
});
