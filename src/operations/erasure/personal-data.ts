/** What stands where something was erased. */
export const erased = '[erased]';

/** Members of an entry about a person that tell who they are, in the API's words and in SCIM's. */
const members: ReadonlySet<string> = new Set([
  'email',
  'verified_email',
  'username',
  'full_name',
  'avatar_url',
  'preferences',
  'subject',
  'user_name',
  'display_name',
  'formatted',
  'given_name',
  'family_name',
  'external_id',
  'emails',
]);

/**
 * What is left of a snapshot in the audit trail once a person is erased from it. Their e-mail addresses go wherever they stand; of an entry about the person also every member that
 * tells who they are.
 */
export function withoutPerson(
  snapshot: unknown,
  { emails, isAboutThem }: { readonly emails: readonly string[]; readonly isAboutThem: boolean },
): unknown {
  const patterns = emails.map(patternOf);
  const shortened = (text: string): string =>
    patterns.reduce((rest, pattern) => rest.replace(pattern, erased), text);
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return shortened(value);
    }
    if (Array.isArray(value)) {
      return value.map(walk);
    }
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([name, member]) => [
          shortened(name),
          isAboutThem && members.has(name) && member !== null ? erased : walk(member),
        ]),
      );
    }
    return value;
  };
  return walk(snapshot);
}

/** @NOTE not where it is the end or the beginning of another address. */
const patternOf = (email: string): RegExp =>
  new RegExp(`(?<![\\w.%+-])${email.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}(?![\\w-]|\\.\\w)`, 'gi');

/** The e-mail addresses in a snapshot of a person. */
export function emailsIn(snapshot: unknown): string[] {
  const { email, verified_email, user_name } = (snapshot ?? {}) as Record<string, unknown>;
  return [email, verified_email, user_name].filter(
    (each): each is string => typeof each === 'string' && each.includes('@'),
  );
}
