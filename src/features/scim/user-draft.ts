import type { Filter, FilterValue } from './scim-filter.ts';
import { booleanOf, fieldsOf, invalidValue, isObject, textOf } from './scim-value.ts';

export interface ScimEmail {
  readonly value: string;
  readonly type?: string;
  readonly primary?: boolean;
}

/** What a directory says of a person, as far as it is kept here. */
export interface UserDraft {
  readonly userName: string;
  readonly externalId: string | null;
  readonly displayName: string | null;
  readonly formatted: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly emails: readonly ScimEmail[];
  readonly active: boolean;
}

type Name = 'userName' | 'externalId' | 'displayName' | 'formatted' | 'givenName' | 'familyName';

const lengthMax: Readonly<Record<Name, number>> = {
  userName: 320,
  externalId: 255,
  displayName: 255,
  formatted: 255,
  givenName: 255,
  familyName: 255,
};
const emailsMax = 10;
const address = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

/** Attributes that are one text, by their paths in lower case. */
const texts: ReadonlyMap<string, Name> = new Map([
  ['username', 'userName'],
  ['externalid', 'externalId'],
  ['displayname', 'displayName'],
  ['name.formatted', 'formatted'],
  ['name.givenname', 'givenName'],
  ['name.familyname', 'familyName'],
]);

/** Of the standard's other attributes nothing is kept: what nobody needs here is no business of this service. */
const notKept: ReadonlySet<string> = new Set(
  [
    'nickname profileurl title usertype preferredlanguage locale timezone password phonenumbers ims photos addresses entitlements roles',
    'x509certificates name.middlename name.honorificprefix name.honorificsuffix',
  ]
    .join(' ')
    .split(' '),
);
const readOnly: ReadonlySet<string> = new Set(['id', 'meta', 'schemas', 'groups']);

/** Whether an attribute is one of the standard that is not kept; `path` in lower case. */
export const isNotKept = (path: string): boolean => path === '' || notKept.has(path);
export const isReadOnly = (path: string): boolean => readOnly.has(path);
/** Whether an attribute is kept, or has one below it that is. */
export const isKept = (path: string): boolean =>
  texts.has(path) || path === 'active' || path === 'emails' || path === 'name';

export const emptyDraft: UserDraft = {
  userName: '',
  externalId: null,
  displayName: null,
  formatted: null,
  givenName: null,
  familyName: null,
  emails: [],
  active: true,
};

/**
 * What the body of a POST or PUT says, over `base`, which stands for what it leaves out. Attributes that are not kept are passed over, and so are those
 * that only this service writes.
 */
export const readUser = (body: unknown, base: UserDraft): UserDraft =>
  completed(
    [...fieldsOf(body)].reduce(
      (draft, [name, value]) => (isKept(name) ? withAttribute(draft, name, value) : draft),
      base,
    ),
  );

/** Throws 400 where something is missing that a user must have. */
export function completed(draft: UserDraft): UserDraft {
  if (draft.userName === '') {
    throw invalidValue('userName', 'is required');
  }
  if (draft.emails.length > emailsMax) {
    throw invalidValue('emails', `must not be more than ${emailsMax}`);
  }
  return draft;
}

/** With an attribute set; `path` in lower case, one that is kept. */
export function withAttribute(draft: UserDraft, path: string, value: unknown): UserDraft {
  const name = texts.get(path);
  if (name !== undefined) {
    const text = textOf(name, value, lengthMax[name]);
    return { ...draft, [name]: name === 'userName' ? (text ?? '') : text };
  }
  if (path === 'active') {
    return { ...draft, active: booleanOf('active', value) };
  }
  if (path === 'emails') {
    return { ...draft, emails: emailsOf(value) };
  }
  if (value !== null && value !== undefined && !isObject(value)) {
    throw invalidValue('name', 'must be an object');
  }
  const parts = value == null ? nameless : fieldsOf(value);
  return [...parts].reduce(
    (all, [part, inner]) => (texts.has(`name.${part}`) ? withAttribute(all, `name.${part}`, inner) : all),
    draft,
  );
}

const nameless = new Map<string, unknown>([
  ['formatted', null],
  ['givenname', null],
  ['familyname', null],
]);

/** E-mail addresses, as a list or a single one. */
export function emailsOf(value: unknown): readonly ScimEmail[] {
  return [value ?? []].flat().map((each) => emailOf(typeof each === 'string' ? { value: each } : each));
}

function emailOf(value: unknown): ScimEmail {
  const fields = fieldsOf(value);
  const text = textOf('emails.value', fields.get('value'), 320);
  if (text === null || !address.test(text)) {
    throw invalidValue('emails.value', 'must be an e-mail address');
  }
  const type = textOf('emails.type', fields.get('type'), 50);
  const primary = fields.get('primary');
  return {
    value: text,
    ...(type === null ? {} : { type }),
    ...(primary == null ? {} : { primary: booleanOf('emails.primary', primary) }),
  };
}

/** Whether an address is one of those that a filter is about. */
export function matchesEmail(email: ScimEmail, filter: Filter): boolean {
  if (filter.kind === 'where') {
    return false;
  }
  if (filter.kind !== 'eq') {
    const isIt = (each: Filter): boolean => matchesEmail(email, each);
    return filter.kind === 'and' ? filter.all.every(isIt) : filter.all.some(isIt);
  }
  const { value, type = '', primary = false } = email;
  switch (filter.path) {
    case 'value':
      return isSameText(value, filter.value);
    case 'type':
      return isSameText(type, filter.value);
    case 'primary':
      return String(primary) === String(filter.value).toLowerCase();
    default:
      return false;
  }
}

const isSameText = (text: string, value: FilterValue): boolean =>
  typeof value === 'string' && text.toLowerCase() === value.toLowerCase();

/** The address that they are written to: the primary one, else that of work, else the first, else the user name where it is one. */
export function addressOf({ emails, userName }: UserDraft): string {
  const chosen =
    emails.find(({ primary }) => primary) ??
    emails.find(({ type }) => type?.toLowerCase() === 'work') ??
    emails[0] ??
    (address.test(userName) ? { value: userName } : undefined);
  if (chosen === undefined) {
    throw invalidValue('emails', 'is required where userName is no e-mail address');
  }
  return chosen.value;
}

/** The name that people call them by; null where nothing was said. */
export function fullNameOf({ displayName, formatted, givenName, familyName }: UserDraft): string | null {
  const parts = [givenName, familyName].filter((part) => part !== null);
  return displayName ?? formatted ?? (parts.length === 0 ? null : parts.join(' ').slice(0, 255));
}
