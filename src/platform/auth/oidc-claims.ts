/** What a provider says of somebody, in the ID token or at the userinfo endpoint. */
export type Claims = Readonly<Record<string, unknown>>;

/** What says that an address is verified: docs/single-sign-on.md. */
export type EmailTrust = 'email_verified' | 'hosted_domain' | 'xms_edov' | 'always';

/** What was said of groups. */
export interface GroupsSaid {
  readonly groups: readonly string[];
  /** False where the list may be cut: those that are not in it are not known. */
  readonly isComplete: boolean;
}

/** @NOTE expressions of Okta end at 100 groups, and Entra ID leaves out what is beyond 200: a list of just as many may be cut. */
const cutLengths: ReadonlySet<number> = new Set([100, 200]);
const groupsMax = 1_000;

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
export const domainOf = (email: string): string =>
  email.slice(email.lastIndexOf('@') + 1).replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/**
 * The groups in a claim; undefined: nothing is known. A claim that is missing says nothing, nor does one of another shape, nor one that the provider marks as too
 * long (Entra ID: `_claim_names`, `hasgroups`, `groups:src1`). See docs/adr/0044-groups-give-teams.md.
 */
export function groupsIn(claims: Claims, name: string): GroupsSaid | undefined {
  const groups = claims[name];
  if (
    isMarked(claims, name) ||
    !Array.isArray(groups) ||
    groups.length > groupsMax ||
    !groups.every((group) => typeof group === 'string')
  ) {
    return undefined;
  }
  return { groups, isComplete: !cutLengths.has(groups.length) };
}

/** Whether a claim is said to be elsewhere. */
export function isMarked(claims: Claims, name: string): boolean {
  const { _claim_names: names, hasgroups } = claims;
  const isElsewhere = typeof names === 'object' && names !== null && Object.hasOwn(names, name);
  const hasMany = hasgroups !== undefined && hasgroups !== false && hasgroups !== 'false';
  return isElsewhere || hasMany || Object.keys(claims).some((key) => key.startsWith(`${name}:src`));
}

/** The directory that an issuer of Entra ID names. */
export const tenantOfIssuer = (issuer: string): string | undefined =>
  /^https:\/\/(?:login\.(?:partner\.)?microsoftonline\.(?:com|us|cn)|sts\.windows\.net)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/.exec(
    issuer,
  )?.[1];
