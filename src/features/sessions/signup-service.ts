import { v7 as uuidv7 } from 'uuid';
import type { PasswordPolicy } from '../../platform/auth/password-policy.ts';
import type { Passwords } from '../../platform/auth/passwords.ts';
import { changeBy } from '../../platform/changes/change.ts';
import { idempotencyStore, idempotentRequest } from '../../platform/changes/idempotency.ts';
import type { PayloadFingerprints } from '../../platform/changes/payload-fingerprints.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { Visitor } from '../../platform/http/route.ts';
import { organizationStore } from '../organizations/index.ts';
import { teamStore } from '../teams/index.ts';
import { addToTeam, toUser, userStore } from '../users/index.ts';
import { credentialStore } from './credential-store.ts';
import type { LoginAttempts } from './login-attempts.ts';
import type { Signup, TokenPair } from './session-schemas.ts';
import type { ProvenLogin, SessionService } from './session-service.ts';
import type { SignupLimits } from './signup-limits.ts';

export interface SignupServiceOptions {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly attempts: LoginAttempts;
  readonly passwordPolicy: PasswordPolicy;
  readonly limits: SignupLimits;
  readonly sessions: SessionService;
  readonly fingerprints: PayloadFingerprints;
}

const route = 'POST /api/v1/auth/signup';

export class SignupService {
  readonly #options: SignupServiceOptions;

  constructor(options: SignupServiceOptions) {
    this.#options = options;
  }

  /** Makes an organization, its first team and its first user, who owns the one and is admin of the other. */
  async signup(visitor: Visitor, signup: Signup): Promise<TokenPair> {
    const taken = await this.#options.limits.take(visitor.address);
    const made = await this.#signup(visitor, signup).catch(async (error: unknown) => {
      await taken.giveBack();
      throw error;
    });
    if (made.isRepeated) {
      await taken.giveBack();
    }
    return await this.#options.sessions.begin(visitor, made.login);
  }

  /** Whoever signed up, now or by a sign-up that this one repeats. */
  async #signup(visitor: Visitor, signup: Signup): Promise<{ login: ProvenLogin; isRepeated: boolean }> {
    const { db, passwords, attempts, passwordPolicy, fingerprints } = this.#options;
    passwordPolicy.check(signup.password, [signup.email, signup.username, signup.organization_name]);
    const { password, ...payload } = signup;
    const idempotent = idempotentRequest(visitor.idempotencyKey, route, payload, fingerprints);
    const known = await credentialStore(db).byEmail(signup.email);
    if (known !== undefined) {
      const isRetry =
        idempotent !== undefined &&
        known.is_active &&
        (await attempts.attempt(signup.email, visitor.address, () =>
          passwords.verify(password, known.password_hash),
        )) &&
        (await this.#madeBy({ userId: known.id, orgId: known.org_id }, idempotent));
      if (!isRetry) {
        throw new ApiError('user.email_taken');
      }
      const { id: userId, org_id: orgId, password_hash: hash, session_generation: generation } = known;
      const proof = hash === null ? undefined : { hash, generation };
      return { login: { userId, orgId, method: 'password', proof }, isRepeated: true };
    }
    const passwordHash = await passwords.hash(password);
    const { userId, orgId } = await this.#create(visitor, payload, passwordHash, idempotent);
    const proof = { hash: passwordHash, generation: 0 };
    return { login: { userId, orgId, method: 'password', proof }, isRepeated: false };
  }

  async #create(
    visitor: Visitor,
    signup: Omit<Signup, 'password'>,
    passwordHash: string,
    idempotent: ReturnType<typeof idempotentRequest>,
  ): Promise<{ userId: string; orgId: string }> {
    const { email, username, full_name = null } = signup;
    const [orgId, userId, teamId] = [uuidv7(), uuidv7(), uuidv7()];
    const actor = { userId, requestId: visitor.requestId, address: visitor.address };
    await changeBy(this.#options.db, actor, orgId, async (tx, record) => {
      const organizations = organizationStore(tx);
      const organization = await organizations.insert(orgId, { name: signup.organization_name });
      await userStore(tx).insert({
        id: userId,
        org_id: orgId,
        email,
        username,
        full_name,
        password_hash: passwordHash,
        created_by: null,
      });
      await organizations.addMember({ org_id: orgId, user_id: userId, role: 'owner' });
      const team = await teamStore(tx, orgId).insert(teamId, userId, { name: signup.team_name });
      await addToTeam(tx, { orgId, teamId, userId, role: 'admin' });
      const user = await userStore(tx).find(orgId, userId);
      record({
        at: organization.created_at,
        action: 'organization.created',
        resourceType: 'organization',
        resourceId: orgId,
        after: organization,
      });
      record({
        at: team.created_at,
        action: 'user.created',
        resourceType: 'user',
        resourceId: userId,
        teamId,
        after: user === undefined ? null : toUser(user),
      });
      record({
        at: team.created_at,
        action: 'team.created',
        resourceType: 'team',
        resourceId: teamId,
        teamId,
        after: team,
      });
      if (idempotent !== undefined) {
        const kept = idempotencyStore(tx, { userId, orgId }, idempotent);
        await kept.take();
        // @NOTE never the token: a retry proves the password again and is given a new one.
        await kept.keep({});
      }
    });
    return { userId, orgId };
  }

  /** True where this user was made by a sign-up with the same key and payload, not more than a day ago. */
  async #madeBy(
    user: { userId: string; orgId: string },
    request: NonNullable<ReturnType<typeof idempotentRequest>>,
  ): Promise<boolean> {
    return await this.#options.db.transaction(user, async (tx) => {
      const kept = idempotencyStore(tx, user, request);
      return (await kept.find()) !== undefined;
    });
  }
}
