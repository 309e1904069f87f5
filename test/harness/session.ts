import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { fixedKey } from '../../src/platform/auth/key-ring/index.ts';
import { Tokens } from '../../src/platform/auth/tokens.ts';
import { testSecret } from './app.ts';

const tokens = new Tokens({ keys: fixedKey(testSecret), algorithm: 'HS256', expiresMinutes: 60 });

export interface Someone {
  readonly userId: string;
  readonly orgId: string;
  readonly email: string;
  readonly roles: readonly string[];
  /** Whether the session began with a second factor. */
  readonly hasFactor?: boolean;
}

/** A token of a session that needed no login: users of most tests have no password, which takes time to verify. */
export async function tokenOf(superuser: pg.Pool, someone: Someone): Promise<string> {
  const sessionId = randomUUID();
  const { rowCount } = await superuser.query(
    `insert into sessions (org_id, id, user_id, generation, epoch, method, second_factor, expires_at)
     select $1, $2, u.id, u.session_generation, e.epoch, 'single_sign_on', $4, now() + interval '1 hour'
     from users u, credential_epoch e where u.id = $3`,
    [someone.orgId, sessionId, someone.userId, someone.hasFactor ? 'totp' : null],
  );
  if (rowCount !== 1) {
    throw new Error(`there is no user ${someone.userId}`);
  }
  return tokens.issue({ ...someone, sessionId, amr: [] }).access_token;
}
