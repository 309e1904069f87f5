import { keyOf } from './api-key.ts';
import type { TestApp } from './app.ts';
import type { Client } from './client.ts';
import type { Tenant } from './tenant.ts';

/** What a directory calls with: an API key with the scope `scim:write`, of the organization's owner. */
export async function directoryOf(
  app: TestApp,
  { orgId, owner }: Pick<Tenant, 'orgId' | 'owner'>,
): Promise<Client> {
  const { key } = await keyOf(app.superuser, { orgId, userId: owner.id, scopes: ['scim:write'] });
  return app.clientOf(key);
}

/** The media type of SCIM, in which directories send. */
export const ofScim = { headers: { 'content-type': 'application/scim+json' } };
