import { bad, good, type Kind, oneOf, type Parsed, quote, text } from './kinds.ts';
import { maskedSecret } from './secret-kinds.ts';
import { issuerUrl, redirectUri } from './url-kinds.ts';

/** What says that a provider has verified an address: docs/single-sign-on.md. */
export const emailTrusts = ['email_verified', 'hosted_domain', 'xms_edov', 'always'] as const;
export type EmailTrust = (typeof emailTrusts)[number];

export const usualScopes = 'openid email';

export interface OidcProviderConfig {
  /** What people and domains choose it by. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly scopes: string;
  readonly emailTrust: EmailTrust;
  /** What `tid` of its tokens must be. */
  readonly tenant: string | undefined;
  /** Whether it asks everybody for a second factor, so that none is asked for here. */
  readonly isSecondFactor: boolean;
  readonly groupsClaim: string;
  /** Where the provider sends browsers once it has ended its own session. */
  readonly postLogoutRedirectUri: string | undefined;
}

export const providerName = (): Kind<string> => ({
  expects: 'a word of a-z, 0-9 and -',
  secret: false,
  parse: (raw) =>
    /^[a-z0-9-]{1,40}$/.test(raw.trim())
      ? good(raw.trim())
      : bad(`${quote(raw)} is no name of at most 40 of a-z, 0-9 and -; give one such as entra`),
  format: (value) => value,
});

/** Scopes with spaces between them, `openid` among them. */
export const scopeList = (): Kind<string> => ({
  expects: 'scopes',
  secret: false,
  parse: (raw) => {
    const words = raw.trim().split(/\s+/);
    return words.includes('openid') && words.every((word) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(word))
      ? good(words.join(' '))
      : bad(`${quote(raw)} is no list of scopes with openid in it; give one such as openid email profile`);
  },
  format: (value) => value,
});

/** As text: which of the words it is, is asked once more. */
const trustWord = (): Kind<string> => {
  const { expects, secret, parse } = oneOf(emailTrusts);
  return { expects, secret, parse, format: (value) => value };
};

/** As text, too. */
const yesOrNo = (): Kind<string> => {
  const { expects, secret, parse } = oneOf(['true', 'false']);
  return { expects, secret, parse, format: (value) => value };
};

interface Field {
  readonly kind: Kind<string>;
  readonly isOptional?: boolean;
}

const fields: Readonly<Record<string, Field>> = {
  name: { kind: providerName() },
  issuer: { kind: issuerUrl() },
  client_id: { kind: text('any text') },
  client_secret: { kind: text('any text') },
  redirect_uri: { kind: redirectUri() },
  scopes: { kind: scopeList(), isOptional: true },
  email_trust: { kind: trustWord(), isOptional: true },
  tenant: { kind: text('any text'), isOptional: true },
  second_factor: { kind: yesOrNo(), isOptional: true },
  groups_claim: { kind: text('any text'), isOptional: true },
  post_logout_redirect_uri: { kind: redirectUri(), isOptional: true },
};

/** Providers as a JSON list of objects. @NOTE no fault quotes it: it holds secrets. */
export function providerList(): Kind<readonly OidcProviderConfig[]> {
  return {
    expects: 'JSON list',
    secret: true,
    parse: (raw) => {
      const items = parsedList(raw);
      if (items === undefined) {
        return bad(
          'is not a JSON list of objects; write it like [{"name": "entra", "issuer": "https://…", …}]',
        );
      }
      const faults = items.flatMap((item, index) =>
        faultsOf(item).map((fault) => `provider ${index + 1}: ${fault}`),
      );
      return faults.length > 0 ? bad(faults.join('. ')) : good(items.map(providerOf));
    },
    format: (value) => `${value.map(({ name }) => name).join(', ')} ${maskedSecret(JSON.stringify(value))}`,
  };
}

type Item = Readonly<Record<string, unknown>>;

function parsedList(raw: string): readonly Item[] | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    const isList = Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);
    return isList ? (value as Item[]) : undefined;
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): unknown => (typeof value === 'boolean' ? String(value) : value);

function faultsOf(item: Item): string[] {
  const unknown = Object.keys(item)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => `${quote(name)} is not known; give ${Object.keys(fields).join(', ')}`);
  const wrong = Object.entries(fields).flatMap(([name, { kind, isOptional }]) => {
    const value = textOf(item[name]);
    if (value === undefined) {
      return isOptional ? [] : [`${name} is missing`];
    }
    const parsed: Parsed<string> = typeof value === 'string' ? kind.parse(value) : bad('is no text');
    // @NOTE what was written instead of a secret is not shown either.
    return parsed.ok ? [] : [`${name} ${name === 'client_secret' ? 'is blank, or no text' : parsed.fault}`];
  });
  return [...unknown, ...wrong];
}

function providerOf(item: Item): OidcProviderConfig {
  const read = (name: string): string | undefined => {
    const value = textOf(item[name]);
    const parsed = typeof value === 'string' ? fields[name]?.kind.parse(value) : undefined;
    return parsed?.ok ? parsed.value : undefined;
  };
  return {
    name: read('name') ?? '',
    issuer: read('issuer') ?? '',
    clientId: read('client_id') ?? '',
    // @NOTE exactly as it is written, spaces included.
    clientSecret: String(item['client_secret']),
    redirectUri: read('redirect_uri') ?? '',
    scopes: read('scopes') ?? usualScopes,
    emailTrust: emailTrusts.find((trust) => trust === read('email_trust')) ?? 'email_verified',
    tenant: read('tenant'),
    isSecondFactor: read('second_factor') === 'true',
    groupsClaim: read('groups_claim') ?? 'groups',
    postLogoutRedirectUri: read('post_logout_redirect_uri'),
  };
}
