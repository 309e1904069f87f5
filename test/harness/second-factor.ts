import { Secret, TOTP } from 'otpauth';
import { expect } from 'vitest';
import type { TestApp } from './app.ts';
import type { Client } from './client.ts';
import { password } from './tenant.ts';

/** Of an authenticator: the code of the time step that is so many after this one. */
export const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });

/** Begins to add one-time passwords for who has the usual password; the secret of the authenticator. */
export async function proposeTotp(client: Client): Promise<string> {
  const proposed = await client.post('/auth/mfa/totp', { current_password: password });
  expect(proposed.status).toBe(200);
  return proposed.body.secret;
}

/** Adds one-time passwords. */
export async function enrol(client: Client) {
  const secret = await proposeTotp(client);
  const confirmed = await client.post('/auth/mfa/totp/confirm', { code: codeOf(secret) });
  expect(confirmed.status).toBe(200);
  return { secret, confirmed, recoveryCodes: confirmed.body.recovery_codes as string[] };
}

/** By this the code of the present step counts again, which was used to add the factor. */
export const forgetSteps = ({ superuser }: TestApp, userId: string) =>
  superuser.query('update totp_factors set last_step = 0 where user_id = $1', [userId]);
