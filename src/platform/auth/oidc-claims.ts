/** What a provider says of somebody, in the ID token or at the userinfo endpoint. */
export type Claims = Readonly<Record<string, unknown>>;

/** What says that an address is verified: docs/single-sign-on.md. */
export type EmailTrust = 'email_verified' | 'hosted_domain' | 'xms_edov' | 'always';

/** The address of which somewhere is said that it is verified, and nowhere anything else. */
export function verifiedEmailIn(told: readonly Claims[], trust: EmailTrust): string | undefined {
  const said = (name: string) => told.map((claims) => claims[name]).filter((value) => value !== undefined);
  const [email, ...others] = said('email');
  const verdicts = said('email_verified');
  const isOne = typeof email === 'string' && others.every((other) => other === email);
  if (!isOne || verdicts.some((verdict) => verdict !== true)) {
    return undefined;
  }
  const isSaid: Readonly<Record<EmailTrust, () => boolean>> = {
    email_verified: () => verdicts.length > 0,
    // @NOTE Google verified an address when its account was made; of whom it is since, only the hosted domain says.
    hosted_domain: () => verdicts.length > 0 && isEach(said('hd'), [domainOf(email)]),
    // @NOTE a boolean by its documentation, and other spellings of it in tokens.
    xms_edov: () => isEach(said('xms_edov'), [true, 'true', 1, '1']),
    always: () => true,
  };
  return isSaid[trust]() ? email : undefined;
}

const isEach = (values: readonly unknown[], expected: readonly unknown[]): boolean =>
  values.length > 0 && values.every((value) => expected.includes(value));

/** What follows the last `@`, in small letters of ASCII. */
const domainOf = (email: string): string =>
  email.slice(email.lastIndexOf('@') + 1).replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** The directory that an issuer of Entra ID names. */
export const tenantOfIssuer = (issuer: string): string | undefined =>
  /^https:\/\/(?:login\.(?:partner\.)?microsoftonline\.(?:com|us|cn)|sts\.windows\.net)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/.exec(
    issuer,
  )?.[1];
