import type { Caller } from '../../platform/auth/caller.ts';
import type { SharedLimits } from '../../platform/auth/shared-limits.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { admitDirectory } from './admission.ts';
import { scimDialect } from './scim-dialect.ts';
import { pageMax } from './scim-list.ts';
import { urns } from './scim-schemas.ts';

const { prefix } = scimDialect;

const attribute = (name: string, more: object = {}) => ({
  name,
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
});

const providerConfig = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: pageMax },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'API key',
      description: 'An API key with the scope scim:write, as a bearer token',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${prefix}/ServiceProviderConfig` },
};

const userSchema = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
  id: urns.user,
  name: 'User',
  description: 'A person of the organization',
  attributes: [
    attribute('userName', { required: true, uniqueness: 'server' }),
    attribute('externalId', { caseExact: true }),
    attribute('name', {
      type: 'complex',
      subAttributes: ['formatted', 'givenName', 'familyName'].map((name) => attribute(name)),
    }),
    attribute('displayName'),
    attribute('emails', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        attribute('value', { required: true }),
        attribute('type'),
        attribute('primary', { type: 'boolean' }),
      ],
    }),
    attribute('active', { type: 'boolean' }),
  ],
  meta: { resourceType: 'Schema', location: `${prefix}/Schemas/${urns.user}` },
};

const resourceType = (name: string, schema: string, description: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
  id: name,
  name,
  endpoint: `/${name}s`,
  description,
  schema,
  meta: { resourceType: 'ResourceType', location: `${prefix}/ResourceTypes/${name}` },
});

const groupSchema = {
  ...userSchema,
  id: urns.group,
  name: 'Group',
  description: 'A group of the directory',
  attributes: [
    attribute('displayName', { required: true, uniqueness: 'server' }),
    attribute('externalId', { caseExact: true }),
    attribute('members', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        attribute('value', { required: true, mutability: 'immutable' }),
        attribute('display', { mutability: 'readOnly' }),
        attribute('type', { mutability: 'readOnly' }),
      ],
    }),
  ],
  meta: { resourceType: 'Schema', location: `${prefix}/Schemas/${urns.group}` },
};

const schemas: readonly { readonly id: string }[] = [userSchema, groupSchema];
const resourceTypes = [
  resourceType('User', urns.user, userSchema.description),
  resourceType('Group', urns.group, groupSchema.description),
];

/** What this service can do of SCIM, for a directory that asks (RFC 7644, 4). */
export class ServiceDescription {
  readonly #limits: SharedLimits;

  constructor(limits: SharedLimits) {
    this.#limits = limits;
  }

  async config(caller: Caller): Promise<object> {
    await admitDirectory(caller, this.#limits);
    return providerConfig;
  }

  async schemas(caller: Caller, id?: string): Promise<object> {
    await admitDirectory(caller, this.#limits);
    return oneOrAll(schemas, id);
  }

  async resourceTypes(caller: Caller, id?: string): Promise<object> {
    await admitDirectory(caller, this.#limits);
    return oneOrAll(resourceTypes, id);
  }

  /** Throws 501 `scim.not_supported`. */
  async bulk(caller: Caller): Promise<object> {
    await admitDirectory(caller, this.#limits);
    throw new ApiError('scim.not_supported', {
      detail: 'Bulk operations are not supported: send one request for each',
    });
  }
}

function oneOrAll(all: readonly { readonly id: string }[], id: string | undefined): object {
  if (id === undefined) {
    return {
      schemas: [urns.list],
      totalResults: all.length,
      startIndex: 1,
      itemsPerPage: all.length,
      Resources: all,
    };
  }
  const found = all.find((each) => each.id.toLowerCase() === id.toLowerCase());
  if (found === undefined) {
    throw new ApiError('route.not_found');
  }
  return found;
}
