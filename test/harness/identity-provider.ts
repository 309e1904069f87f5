import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSigner } from 'fast-jwt';
import Provider, { type Configuration } from 'oidc-provider';

/** Someone with an account at the provider. */
export interface Account {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  /** Whatever else the provider says of them: `tid`, `hd`. */
  readonly [claim: string]: unknown;
}

export type Claims = Readonly<Record<string, unknown>>;

/** A real OpenID Connect provider on a loopback port, at which whoever asks is logged in as the account of `login_hint`. */
export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string;
  /** What the service is configured with. */
  readonly client: ProviderClient;
  /** Another service at the same provider. */
  readonly otherClient: ProviderClient;
  account(fields: Partial<Account>): Account;
  /** Replaces the ID tokens that the provider gives out, until it is set back to `undefined`. */
  forge: ((claims: Claims) => string) | undefined;
  /** Signs as the provider does. */
  sign(claims: Claims): string;
  /** Goes the browser's way from an authorization URL to the redirect URI; answers what is added to it. */
  logIn(authorizationUrl: string, account: Account): Promise<URLSearchParams>;
}

export interface ProviderClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

export interface IdentityProviderOptions {
  readonly redirectUri: string;
  /** Whether claims of a person are in the ID token; else at the userinfo endpoint alone, as the standard has it. */
  readonly isIdTokenFull?: boolean;
  /** Whether it has no page that ends its session, as Google. */
  readonly hasNoLogout?: boolean;
  /** 0: any free one. */
  readonly port?: number;
}

const algorithm = 'RS256';

/** Where each client is registered to get browsers back after a logout. */
export const postLogoutRedirectUri = 'http://127.0.0.1:1/signed-out';

export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const key = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  const kid = randomUUID();
  const accounts = new Map<string, Account>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientOf = (clientId: string, redirectUri: string): ProviderClient => ({
    issuer,
    clientId,
    clientSecret: `${randomUUID()}-${randomUUID()}`,
    redirectUri,
  });
  const client = clientOf('brownie', options.redirectUri);
  const otherClient = clientOf('other', options.redirectUri);
  const provider = new Provider(issuer, {
    ...configuration(accounts, options),
    clients: [client, otherClient].map(({ clientId, clientSecret, redirectUri }) => ({
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [postLogoutRedirectUri],
    })),
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid, use: 'sig', alg: algorithm }] },
  });
  const started: IdentityProvider = {
    issuer,
    client,
    otherClient,
    forge: undefined,
    account(fields) {
      const sub = fields.sub ?? randomUUID();
      const account = { sub, email: `${sub}@example.com`, email_verified: true, ...fields };
      accounts.set(sub, account);
      return account;
    },
    sign: (claims) => signToken(key, kid, claims),
    logIn,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path === '/token' && started.forge !== undefined) {
      const body = ctx.body as { id_token: string };
      body.id_token = started.forge(claimsOf(body.id_token));
    }
  });
  const handle = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void (request.url?.startsWith('/interaction/')
      ? finishInteraction(provider, request, response)
      : handle(request, response));
  });
  return started;
}

/** A token of this key, or of another one that pretends to be it. */
export const signToken = (key: KeyObject, kid: string, claims: Claims): string =>
  createSigner({
    key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
    algorithm,
    kid,
  })({ ...claims });

export const claimsOf = (token: string): Claims =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

function configuration(
  accounts: ReadonlyMap<string, Account>,
  options: IdentityProviderOptions,
): Configuration {
  return {
    cookies: { keys: [randomUUID()] },
    claims: {
      openid: ['sub', 'tid', 'hd', 'xms_edov', 'groups', '_claim_names'],
      email: ['email', 'email_verified'],
    },
    conformIdTokenClaims: !options.isIdTokenFull,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: !options.hasNoLogout },
    },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount(_ctx, sub) {
      const account = accounts.get(sub);
      return account && { accountId: sub, claims: async () => ({ ...account }) };
    },
    // @NOTE everybody consents.
    async loadExistingGrant({ oidc }) {
      const accountId = oidc.session?.accountId;
      if (oidc.client === undefined || accountId === undefined) {
        return undefined;
      }
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  };
}

async function finishInteraction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const hint = params['login_hint'];
  const result =
    hint === 'nobody' ? { error: 'access_denied' } : { login: { accountId: String(hint), remember: false } };
  await provider.interactionFinished(request, response, result);
}

/** Follows redirects with a jar of cookies until they leave the provider. */
async function logIn(authorizationUrl: string, account: Pick<Account, 'sub'>): Promise<URLSearchParams> {
  const jar = new Map<string, string>();
  let url = new URL(authorizationUrl);
  const { origin } = url;
  url.searchParams.set('login_hint', account.sub);
  for (let hops = 0; url.origin === origin && hops < 10; hops += 1) {
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
    const reply = await fetch(url, { headers: { cookie }, redirect: 'manual' });
    for (const each of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      jar.set(name, value);
    }
    const location = reply.headers.get('location');
    if (location === null) {
      throw new Error(`the provider answered ${reply.status}: ${await reply.text()}`);
    }
    url = new URL(location, url);
  }
  return url.searchParams;
}
