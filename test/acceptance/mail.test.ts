import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startApp, type TestApp, testSecret } from '../harness/app.ts';
import { tokenMailedTo } from '../harness/mails.ts';
import { newTenant } from '../harness/tenant.ts';
import { brownie } from './service-process.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const logins = inject('databases');
const mail = (secret: string, ...args: string[]) =>
  brownie(['mail', ...args], {
    METADATA_POSTGRES_DSN: logins.service,
    METADATA_POSTGRES_MIGRATION_DSN: logins.owner,
    METADATA_JWT_SECRET: secret,
  });

test('without a mail server the operator finds mails and hands on what they say, which leaves a trace', async () => {
  const { email } = (await newTenant(app)).owner;
  await app.anonymous.post('/auth/password/forgot', { email });
  const token = await tokenMailedTo(app, email);
  const listed = await mail(testSecret, 'list', '--json');
  const { mails } = JSON.parse(listed.stdout);
  const found = mails.find(({ to }: { to: string }) => to === email);
  expect(found).toMatchObject({ kind: 'password_reset', attempts: 0 });
  expect(listed.stdout).not.toContain(token);

  const shown = await mail(testSecret, 'show', found.id);
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining(token)]);
  const { rows } = await app.superuser.query(
    `select details from operator_events where action = 'mail.shown' and details ->> 'mail' = $1`,
    [found.id],
  );
  expect(rows).toEqual([{ details: { mail: found.id, kind: 'password_reset' } }]);

  const other = await mail('Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM', 'show', found.id);
  expect([other.code, other.stdout]).toEqual([1, '']);
  expect((await mail(testSecret, 'show', '00000000-0000-7000-8000-000000000000')).code).toBe(1);
});
