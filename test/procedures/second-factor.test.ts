import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';
import { codeOf, forgetSteps } from '../harness/second-factor.ts';
import { newTenant, password } from '../harness/tenant.ts';
import { block } from './document-block.ts';

const document = 'second-factor.md';
let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

test('docs/second-factor.md adds a factor, logs in with it and asks everybody for one, word for word', async () => {
  const { owner, orgId } = await newTenant(app);
  const { access_token: token } = (await app.anonymous.post('/auth/login', { email: owner.email, password }))
    .body;
  const run = async (says: string, variables: object) => {
    const { stdout } = await promisify(execFile)('bash', ['-euc', await block(document, says)], {
      env: {
        PATH: process.env['PATH'],
        BROWNIE_URL: app.url,
        EMAIL: owner.email,
        PASSWORD: password,
        ORGANIZATION: orgId,
        ...variables,
      },
    });
    return stdout.trimEnd();
  };
  const uri = new URL(await run('otpauth_uri', { TOKEN: token }));
  const secret = uri.searchParams.get('secret') ?? '';
  const codes = await run('recovery_codes[]', { TOKEN: token, CODE: codeOf(secret) });
  expect(codes.split('\n')).toHaveLength(10);
  await forgetSteps(app, owner.id);
  const begun = await run('MFA_TOKEN=', { CODE: codeOf(secret) });
  expect(await run('mfa_required', { TOKEN: begun })).toBe('true');
});
