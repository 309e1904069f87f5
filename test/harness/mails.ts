import { expect } from 'vitest';
import type { Mail } from '../../src/platform/mail/mail.ts';
import { MailSeal } from '../../src/platform/mail/mail-seal.ts';
import { type TestApp, testSecret } from './app.ts';

const seal = new MailSeal([testSecret]);

/** The mails to an address that wait to be sent, the first first: applications of tests send none. */
export async function mailsTo({ superuser }: TestApp, address: string): Promise<readonly Mail[]> {
  const { rows } = await superuser.query<{ id: string; message: string }>(
    'select id, message from mails order by created_at, id',
  );
  return rows
    .map(({ id, message }) => JSON.parse(seal.open(message, id) ?? '{}') as Mail)
    .filter(({ to }) => to === address);
}

/** The token of the `nth` mail to an address, from 1, once it waits. */
export async function tokenMailedTo(app: TestApp, address: string, nth = 1): Promise<string> {
  await expect.poll(async () => (await mailsTo(app, address)).length).toBeGreaterThanOrEqual(nth);
  const [token] = /[\w-]{43}/.exec((await mailsTo(app, address))[nth - 1]?.text ?? '') ?? [];
  return token ?? '';
}
