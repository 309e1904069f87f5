import type { TSchema } from 'typebox';
import type { Admission } from '../database/scoped-statements.ts';
import type { Sql } from '../database/sql.ts';
import { ApiError } from '../errors/api-error.ts';
import type { KnownCaller, Profile } from './accounts/index.ts';
import type { Principal } from './principal.ts';

export interface PendingPrincipalOptions {
  /** Whom the token names, or the API key acts for. */
  readonly subject: { readonly userId: string; readonly orgId: string; readonly keyId?: string };
  /** Reads who that is now: one row, or none. */
  readonly statement: Sql;
  readonly row: TSchema;
  /** Who it is, by that row; undefined for who may not call. Throws what a key is refused with that lacks a scope. */
  readonly read: (row: unknown) => Principal | undefined;
  /** Asks the database now, for nothing else; settles this. */
  readonly ask: (pending: PendingPrincipal) => Promise<void>;
  /** Who that is, where it is remembered: nobody is asked then. */
  readonly known?: KnownCaller | undefined;
  /** Told of a user who may not call: deactivated, deleted, no longer in the organization. */
  readonly onRefused: () => void;
}

/**
 * Who calls: whom the token names, and, once the database has said so, who that is now. The question goes along with the first statement
 * of a request (`Database.lookUp(scope, pending)`), which makes one round trip of two; no row of it is given out where the answer
 * is no. Whoever needs the answer before any statement awaits `known`.
 */
export class PendingPrincipal implements Admission {
  readonly userId: string;
  /** The organization that the token was issued for. */
  readonly orgId: string;
  /** The API key that they call with, if any. */
  readonly apiKeyId: string | null;
  /** An organization of theirs in which something was refused to them, where it is another than that of the token. */
  refusedIn: string | undefined;
  readonly row: TSchema;
  readonly #options: PendingPrincipalOptions;
  readonly #onSettled: ((principal: Principal | undefined) => void)[] = [];
  #principal: Principal | undefined;
  /** Whether it is known, or will never be. */
  #isTold = false;

  constructor(options: PendingPrincipalOptions) {
    const { userId, orgId, keyId = null } = options.subject;
    this.apiKeyId = keyId;
    this.userId = userId;
    this.orgId = orgId;
    this.row = options.row;
    this.#options = options;
    this.#principal = options.known?.principal;
    this.#isTold = this.#principal !== undefined;
  }

  /** What is remembered of the caller, where it is. */
  get profile(): Profile | undefined {
    return this.#options.known?.profile;
  }

  /** @NOTE who was refused is asked about again, and refused again. */
  get isSettled(): boolean {
    return this.#principal !== undefined;
  }

  get statement(): Sql {
    return this.#options.statement;
  }

  /** Throws where nobody has asked yet: a fault of ours, never a way in. */
  get principal(): Principal {
    if (this.#principal === undefined) {
      throw new Error('what a caller may do was asked before it was known who they are');
    }
    return this.#principal;
  }

  settle(rows: readonly unknown[]): void {
    const principal = this.#read(rows[0]);
    this.#tell(principal);
    if (principal === undefined) {
      this.#options.onRefused();
      throw new ApiError('auth.unauthenticated', { why: 'inactive_user' });
    }
  }

  #read(row: unknown): Principal | undefined {
    try {
      return this.#options.read(row);
    } catch (error) {
      this.#tell(undefined);
      throw error;
    }
  }

  /** Throws 401 `auth.unauthenticated` in the same words as for a token that is none. */
  async known(): Promise<Principal> {
    if (this.#principal === undefined) {
      await this.#options.ask(this);
    }
    return this.principal;
  }

  /** Tells who it was, once that is known or will never be. */
  whenSettled(tell: (principal: Principal | undefined) => void): void {
    if (this.#isTold) {
      tell(this.#principal);
    } else {
      this.#onSettled.push(tell);
    }
  }

  /** Nobody will ask any more. */
  close(): void {
    if (!this.#isTold) {
      this.#tell(undefined);
    }
  }

  #tell(principal: Principal | undefined): void {
    this.#principal = principal;
    this.#isTold = true;
    for (const tell of this.#onSettled.splice(0)) {
      tell(principal);
    }
  }
}
