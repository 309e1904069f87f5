import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { locate } from '../../platform/auth/locate.ts';
import type { PasswordPolicy } from '../../platform/auth/password-policy.ts';
import type { Passwords } from '../../platform/auth/passwords.ts';
import { readWithin } from '../../platform/auth/read-within.ts';
import type { SharedLimits } from '../../platform/auth/shared-limits.ts';
import { change, type Work } from '../../platform/changes/change.ts';
import { momentOf, type Stamp } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError, invalid } from '../../platform/errors/api-error.ts';
import { type Cursors, isLong, listName, type Page, paginate } from '../../platform/http/cursor.ts';
import { requireMatchingPath } from '../../platform/http/path-mismatch.ts';
import { organizationStore } from '../organizations/index.ts';
import { inOwnScope, otherHome, removeMember } from './leaving.ts';
import {
  addToTeam,
  changeTeamRole,
  requireReplaceable,
  requireRoom,
  requireRoomInTeams,
} from './membership-rules.ts';
import { namingChange } from './naming-change.ts';
import { type PasswordAttempts, provePassword } from './own-password.ts';
import {
  requireAllowedFields,
  requireAllowedVerification,
  requireNoHigherRank,
  requireOwnIdentity,
  requireOwnMembership,
  requireUnproved,
} from './user-access.ts';
import type { NewUser, PasswordChange, User, UserListQuery, UserRecord, UserUpdate } from './user-schemas.ts';
import { type UserFields, userStore } from './user-store.ts';

export interface UserServiceOptions {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly passwords: Passwords;
  readonly passwordPolicy: PasswordPolicy;
  readonly attempts: PasswordAttempts;
  readonly limits: SharedLimits;
}

/** What the API shows of a user. */
export const toUser = ({
  organization_role: _,
  home_org_id: __,
  joined_at: ___,
  ...user
}: UserRecord): User => user;

const resourceOf = ({ id, team_id }: UserRecord) => ({
  resourceType: 'user',
  resourceId: id,
  teamId: team_id,
});

/** Who changes a user who is locked, and when. */
const stampOf = async (tx: Transaction, caller: Caller, locked: UserRecord): Promise<Stamp> => ({
  by: caller.userId,
  at: await momentOf(tx, locked.org_id, resourceOf(locked), locked.updated_at),
});

export class UserService {
  readonly #db: Database;
  readonly #cursors: Cursors;
  readonly #passwords: Passwords;
  readonly #policy: PasswordPolicy;
  readonly #attempts: PasswordAttempts;
  readonly #naming: Pick<UserServiceOptions, 'db' | 'limits'>;

  constructor(options: UserServiceOptions) {
    this.#db = options.db;
    this.#cursors = options.cursors;
    this.#passwords = options.passwords;
    this.#policy = options.passwordPolicy;
    this.#attempts = options.attempts;
    this.#naming = options;
  }

  async create(caller: Caller, orgId: string, draft: NewUser): Promise<User> {
    const {
      team_id: teamId,
      organization_id,
      role = 'member',
      password,
      is_verified: _, // @NOTE taken from v1's clients, and no proof of anything
      ...fields
    } = draft;
    caller.authorize({ orgId, teamId: teamId.toLowerCase() });
    requireMatchingPath({ organization_id }, { organization_id: orgId });
    requireAllowedVerification(caller, orgId, draft);
    if (password !== undefined) {
      this.#policy.check(password, [draft.email, draft.username]);
    }
    const passwordHash = password === undefined ? undefined : await this.#passwords.hash(password);
    return await namingChange(this.#naming, caller, { orgId }, async (tx, record) => {
      const id = uuidv7();
      await requireRoom(tx, orgId);
      await userStore(tx).insert({
        id,
        org_id: orgId,
        created_by: caller.userId,
        ...fields,
        ...(passwordHash === undefined ? {} : { password_hash: passwordHash }),
      });
      await organizationStore(tx).addMember({ org_id: orgId, user_id: id, role: 'member' });
      await addToTeam(tx, { orgId, teamId, userId: id, role });
      const user = await this.#read(tx, orgId, id);
      record({ ...resourceOf(user), at: user.created_at, action: 'user.created', after: toUser(user) });
      return toUser(user);
    });
  }

  async list(caller: Caller, orgId: string, query: UserListQuery): Promise<Page<User>> {
    const page = await readWithin(this.#db, caller, {
      orgId,
      authorize: () => {
        caller.authorize({ orgId });
        if (query.include_deleted) {
          caller.requireAdmin({ orgId });
        }
      },
      isSlow: query.q !== undefined || isLong(query),
      read: (within) =>
        paginate<typeof UserRecord>({
          cursors: this.#cursors,
          list: listName('users', { orgId, ...query }),
          query,
          key: { at: sql`m.created_at`, id: sql`m.user_id`, idType: sql`uuid` },
          positionOf: (user) => ({ at: user.joined_at, id: user.id }),
          fetch: (_rest, _orderAndLimit, range) => userStore(within).page(orgId, query, range),
        }),
    });
    return { ...page, items: page.items.map(toUser) };
  }

  async get(caller: Caller, id: string, isDeletedIncluded?: boolean): Promise<User> {
    const user = await this.#locate(caller, id, isDeletedIncluded);
    caller.authorize({ orgId: user.org_id, teamId: user.team_id });
    if (isDeletedIncluded) {
      caller.requireAdmin({ orgId: user.org_id });
    }
    return toUser(user);
  }

  /** Sets another password of the caller's own, which ends all their sessions. */
  async changePassword(caller: Caller, { current_password, new_password }: PasswordChange): Promise<void> {
    const change = {
      password: new_password,
      ...(current_password === undefined ? {} : { current_password }),
    };
    await this.update(caller, caller.userId, change, '/new_password');
  }

  /** `pointer`: to the password, for what is wrong with it. */
  async update(caller: Caller, id: string, update: UserUpdate, pointer = '/password'): Promise<User> {
    const found = await this.#locate(caller, id);
    caller.authorize({ orgId: found.org_id, teamId: found.team_id, userId: id });
    const { role, password, current_password: current, is_verified: _, ...fields } = update;
    requireAllowedFields(caller, found, update);
    requireNoHigherRank(caller, found);
    if (password !== undefined || Object.keys(fields).length > 0) {
      requireOwnIdentity(caller, found);
    }
    const { email = found.email, username = found.username } = fields;
    if (password !== undefined) {
      this.#policy.check(password, [email, username], pointer);
    }
    const proof =
      password !== undefined && caller.userId === id
        ? await provePassword(
            { db: this.#db, passwords: this.#passwords, attempts: this.#attempts },
            caller,
            current,
          )
        : undefined;
    const passwordHash = password === undefined ? undefined : await this.#passwords.hash(password);
    const work: Work<User> = async (tx, record) => {
      const before = await this.#lock(tx, caller, found);
      requireUnproved(caller, before, update);
      await proof?.stillHolds(tx);
      if (caller.userId !== id && (await this.#isElsewhere(tx, caller, before))) {
        requireOwnMembership(update);
      }
      if (update.is_active === false && before.is_active) {
        await requireReplaceable(tx, before.org_id, before);
      }
      const hasNewRole = role !== undefined && (await this.#changeHomeRole(tx, before, role));
      const stamp = await stampOf(tx, caller, before);
      const written: UserFields = {
        ...fields,
        ...(passwordHash === undefined ? {} : { password_hash: passwordHash }),
      };
      const write = () => userStore(tx).update(id, stamp, written, { hasNewRole });
      if (!(await inOwnScope(tx, before, caller.userId, write))) {
        return toUser(before);
      }
      const after = toUser(await this.#read(tx, before.org_id, id));
      record({
        ...resourceOf(before),
        at: stamp.at,
        action: 'user.updated',
        before: toUser(before),
        after: passwordHash === undefined ? after : { ...after, password: 'changed' },
      });
      return after;
    };
    const naming = { orgId: found.org_id, renamed: id };
    return email === found.email && username === found.username
      ? await change(this.#db, caller, found.org_id, work)
      : await namingChange(this.#naming, caller, naming, work);
  }

  async delete(caller: Caller, id: string): Promise<{ message: string }> {
    const found = await this.#locate(caller, id);
    caller.authorize({ orgId: found.org_id, teamId: found.team_id, userId: id });
    requireNoHigherRank(caller, found);
    return await change(this.#db, caller, found.org_id, async (tx, record) => {
      const before = await this.#lock(tx, caller, found);
      await requireReplaceable(tx, before.org_id, before);
      const stamp = await stampOf(tx, caller, before);
      if (await this.#isElsewhere(tx, caller, before)) {
        await removeMember(tx, before, caller.userId, stamp.at);
        record({ ...resourceOf(before), at: stamp.at, action: 'user.removed', before: toUser(before) });
        return { message: 'User deleted successfully' };
      }
      await userStore(tx).markDeleted(id, stamp);
      record({ ...resourceOf(before), at: stamp.at, action: 'user.deleted', before: toUser(before) });
      return { message: 'User deleted successfully' };
    });
  }

  async restore(caller: Caller, id: string): Promise<User> {
    const found = await this.#locate(caller, id, true);
    caller.authorize({ orgId: found.org_id, teamId: found.team_id });
    requireNoHigherRank(caller, found);
    requireOwnIdentity(caller, found);
    return await change(this.#db, caller, found.org_id, async (tx, record) => {
      const before = await this.#lock(tx, caller, found, true);
      if (before.deleted_at === null) {
        throw new ApiError('user.not_deleted');
      }
      await requireRoom(tx, before.org_id);
      const stamp = await stampOf(tx, caller, before);
      if ((await userStore(tx).restore(id, stamp)) === 0) {
        throw new ApiError('user.erased');
      }
      await requireRoomInTeams(tx, before.org_id, id);
      const after = toUser(await this.#read(tx, before.org_id, id));
      record({ ...resourceOf(before), at: stamp.at, action: 'user.restored', after });
      return after;
    });
  }

  #locate(caller: Caller, id: string, isDeletedIncluded?: boolean): Promise<UserRecord> {
    return locate(this.#db, caller, { kind: 'user', id }, (within, orgId) =>
      userStore(within).find(orgId, id, isDeletedIncluded),
    );
  }

  async #read(tx: Transaction, orgId: string, id: string, isDeletedIncluded?: boolean): Promise<UserRecord> {
    const user = await userStore(tx).find(orgId, id, isDeletedIncluded);
    if (user === undefined) {
      throw new ApiError('user.not_found');
    }
    return user;
  }

  /** Locks what changing a user depends on, the organization's owners and then the identity, and reads it anew. */
  async #lock(
    tx: Transaction,
    caller: Caller,
    found: UserRecord,
    isDeletedIncluded?: boolean,
  ): Promise<UserRecord> {
    const { org_id: orgId, id } = found;
    await organizationStore(tx).lock(orgId);
    const lock = () => userStore(tx).lock(id, isDeletedIncluded);
    if (!(await inOwnScope(tx, found, caller.userId, lock))) {
      throw new ApiError('user.not_found');
    }
    return await this.#read(tx, orgId, id, isDeletedIncluded);
  }

  /** Whether the user, who is locked, belongs to another organization, too: they are then no organization's. */
  async #isElsewhere(tx: Transaction, caller: Caller, { org_id: orgId, id }: UserRecord): Promise<boolean> {
    return (await otherHome(tx, { orgId, userId: id }, caller.userId)) !== undefined;
  }

  /** False where the role is theirs already. */
  async #changeHomeRole(tx: Transaction, user: UserRecord, role: UserRecord['role']): Promise<boolean> {
    if (user.team_id === null) {
      throw invalid('/role', 'needs a team; add the user to one first');
    }
    const membership = { orgId: user.org_id, teamId: user.team_id, userId: user.id, role };
    return (await changeTeamRole(tx, membership)) !== undefined;
  }
}
