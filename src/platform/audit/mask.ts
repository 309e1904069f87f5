const secretName = /passw|passphrase|secret|token|api_?key|authorization|credential|private_?key|dsn|cookie/i;
/** What stands in the place of a secret. */
export const masked = '[masked]';
/**
 * `scheme://user:password@host`, wherever it stands in a text. @NOTE it begins with what is rare: with the scheme, each letter of a long word
 * would begin one, and be looked at from each.
 */
const passwordInUrl = /(?<=[a-z0-9+.-])(:\/\/[^\s/?#:@]*:)[^\s/?#]+@/gi;

/** A text with the passwords of the URLs in it masked. */
export const hidePasswordsInUrls = (text: string): string => text.replace(passwordInUrl, `$1${masked}@`);

/**
 * A copy in which the values of fields whose names speak of secrets, and passwords in URLs, are masked, at any depth: what the audit trail
 * stores of before and after.
 */
export function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(maskSecrets);
  }
  if (typeof value === 'string') {
    return hidePasswordsInUrls(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretName.test(name) && inner !== null ? masked : maskSecrets(inner),
    ]),
  );
}
