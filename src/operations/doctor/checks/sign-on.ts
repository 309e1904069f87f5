import type { OidcProviderConfig } from '../../../config/index.ts';
import { type Check, ok, warning } from '../check.ts';

const timeoutMs = 3_000;
/** What a provider must say of itself for a login to be possible. */
const endpoints = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;

export const signOnProviders: Check = {
  id: 'sign-on.providers',
  runbook: 'docs/single-sign-on.md#why-somebody-is-not-let-in',
  async look({ config: { oidcProviders } }) {
    if (oidcProviders.length === 0) {
      return ok('No provider of single sign-on is configured');
    }
    const evidence = (await Promise.all(oidcProviders.map(faultsOf))).flat();
    const names = oidcProviders.map(({ name }) => name).join(', ');
    return evidence.length === 0
      ? ok(`Each provider of single sign-on answers as it should: ${names}`)
      : warning({
          finding: 'People cannot log in with each provider of single sign-on',
          evidence,
          remedy:
            'correct METADATA_OIDC_ISSUER or METADATA_OIDC_PROVIDERS, then start the service again: brownie config',
        });
  },
};

/** OpenID Connect Discovery 1.0, 4: the metadata stand under the issuer, and name it as it is written. */
async function faultsOf({ name, issuer }: OidcProviderConfig): Promise<string[]> {
  let metadata: Readonly<Record<string, unknown>>;
  try {
    const reply = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!reply.ok) {
      return [`${name}: its metadata are answered with ${reply.status}`];
    }
    metadata = (await reply.json()) as Record<string, unknown>;
  } catch (error) {
    const { cause } = error as { cause?: { code?: unknown } };
    return [`${name}: its metadata cannot be read (${String(cause?.code ?? (error as Error).name)})`];
  }
  const named =
    metadata['issuer'] === issuer ? [] : [`${name}: names itself ${JSON.stringify(metadata['issuer'])}`];
  const missing = endpoints.filter((key) => typeof metadata[key] !== 'string');
  return [...named, ...missing.map((key) => `${name}: has no ${key}`)];
}
