import { ApiError } from '../../platform/errors/api-error.ts';
import { dotted, type Operation } from './patch-operations.ts';
import type { Filter } from './scim-filter.ts';
import {
  completed,
  emailsOf,
  isKept,
  isNotKept,
  isReadOnly,
  matchesEmail,
  type ScimEmail,
  type UserDraft,
  withAttribute,
} from './user-draft.ts';

/** A user as the operations leave them. Throws what SCIM answers to a path or value that is none. */
export const patchUser = (user: UserDraft, operations: readonly Operation[]): UserDraft =>
  completed(operations.reduce(applied, user));

function applied(user: UserDraft, operation: Operation): UserDraft {
  const { op, path, value, isNamed } = operation;
  const name = dotted(path);
  if (path.attribute === 'emails') {
    return { ...user, emails: patchedEmails(user.emails, operation) };
  }
  if (isKept(name) && path.where === undefined) {
    if (op !== 'remove') {
      return withAttribute(user, name, value);
    }
    if (name === 'username' || name === 'active') {
      throw new ApiError('scim.mutability', { detail: `${name} cannot be removed` });
    }
    return withAttribute(user, name, null);
  }
  if (isNotKept(path.attribute) || isNotKept(name) || !isNamed) {
    return user;
  }
  if (isReadOnly(path.attribute)) {
    throw new ApiError('scim.mutability', { detail: `${path.attribute} is read-only` });
  }
  throw new ApiError('scim.invalid_path', { detail: `${name} is no attribute of a user` });
}

function patchedEmails(emails: readonly ScimEmail[], { op, path, value }: Operation): readonly ScimEmail[] {
  const { where, sub } = path;
  if (where === undefined) {
    if (sub !== undefined) {
      throw new ApiError('scim.invalid_path', {
        detail: 'emails needs a filter for one of them: emails[type eq "work"]',
      });
    }
    if (op === 'remove') {
      return [];
    }
    return op === 'replace' ? emailsOf(value) : emailsOf(value).reduce(withEmail, emails);
  }
  const isMeant = (email: ScimEmail): boolean => matchesEmail(email, where);
  if (op === 'remove' && sub === undefined) {
    return emails.filter((email) => !isMeant(email));
  }
  if (op === 'remove') {
    // @NOTE an address without its value is none.
    return sub === 'value'
      ? emails.filter((email) => !isMeant(email))
      : emails.map((email) => (isMeant(email) ? withPart(email, sub, undefined) : email));
  }
  if (emails.some(isMeant)) {
    return emails.map((email) => (isMeant(email) ? written(email, sub, value) : email));
  }
  // @NOTE Entra replaces an address that is not there yet, and means to add it.
  return withEmail(emails, written(typeIn(where), sub, value));
}

const written = (email: Partial<ScimEmail>, sub: string | undefined, value: unknown): ScimEmail =>
  sub === undefined ? only(emailsOf({ ...email, ...(value as object) })) : withPart(email, sub, value);

const withPart = (email: Partial<ScimEmail>, sub: string | undefined, value: unknown): ScimEmail =>
  only(emailsOf({ ...email, [sub ?? 'value']: value }));

const only = ([email]: readonly ScimEmail[]): ScimEmail => email as ScimEmail;

/** Adds an address, once; a new primary one takes the place of another (RFC 7643, 2.4). */
function withEmail(emails: readonly ScimEmail[], email: ScimEmail): readonly ScimEmail[] {
  const others = emails
    .filter(({ value, type }) => value !== email.value || type !== email.type)
    .map((each) => (email.primary && each.primary ? { ...each, primary: false } : each));
  return [...others, email];
}

/** What a filter says of an address that is not there: its type. */
function typeIn(where: Filter): Partial<ScimEmail> {
  if (where.kind === 'eq' && where.path === 'type' && typeof where.value === 'string') {
    return { type: where.value };
  }
  if (where.kind === 'and') {
    return Object.assign({}, ...where.all.map(typeIn)) as Partial<ScimEmail>;
  }
  return {};
}
