import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { annotated, exactly, Timestamp, Uuid } from '../../platform/schemas/common-schemas.ts';
import { exampleIds } from '../../platform/schemas/shared-fields.ts';
import { scimDialect } from './scim-dialect.ts';
import type { ScimUserRow } from './scim-user-store.ts';

export const urns = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
} as const;

export const schemasField = (urn: string) =>
  Type.Array(Type.String(), {
    description: 'What this is, by the names of the standard.',
    examples: [[urn]],
  });
const text = (description: string, example: string) =>
  Type.Optional(Type.String({ description, examples: [example] }));

const UserName = {
  description:
    'The name by which the directory knows them, mostly an address; unique in the organization, whatever its case.',
  examples: ['ada@example.com'],
};
const ExternalId = text('The id that they have in the directory.', '00u1a2b3c4');
const Email = Type.Object(
  {
    value: Type.String({ description: 'The address.', examples: ['ada@example.com'] }),
    type: text('What it is for.', 'work'),
    primary: Type.Optional(Type.Boolean({ description: 'Whether it is the one to use.', examples: [true] })),
  },
  { title: 'SCIM Email', description: 'An e-mail address.' },
);
const Emails = Type.Optional(Type.Array(Email, { description: 'E-mail addresses, at most 10.' }));
const names = {
  formatted: text('The whole name.', 'Ada Lovelace'),
  givenName: text('The name of the person.', 'Ada'),
  familyName: text('The name of the family.', 'Lovelace'),
};
const DisplayName = text('The name to show.', 'Ada Lovelace');
const Active =
  'Whether they may use the organization. Deactivating ends at it: who belongs to another one, too, goes on there.';

const ScimId = annotated(Uuid, {
  description: 'The id of the user.',
  examples: ['01890a5d-ac98-72e0-8f05-1c9b7a3d4e36'],
});
export const metaOf = (resourceType: string) =>
  Type.Optional(
    exactly(
      {
        resourceType: Type.String({ description: 'What it is.', examples: [resourceType] }),
        created: annotated(Timestamp, { description: 'When it came here.' }),
        lastModified: annotated(Timestamp, { description: 'When it was changed last.' }),
        location: Type.String({
          description: 'Where it is.',
          examples: [`/scim/v2/${resourceType}s/${exampleIds.user}`],
        }),
        version: Type.String({ description: 'The version, as the ETag says it.', examples: ['"81243901"'] }),
      },
      { title: `SCIM ${resourceType} Meta`, description: 'What the service says of it.' },
    ),
  );

export const ScimUser = exactly(
  {
    schemas: schemasField(urns.user),
    id: ScimId,
    externalId: ExternalId,
    userName: Type.Optional(Type.String(UserName)),
    name: Type.Optional(exactly(names, { title: 'SCIM Name', description: 'The parts of a name.' })),
    displayName: DisplayName,
    emails: Emails,
    active: Type.Optional(Type.Boolean({ description: Active, examples: [true] })),
    meta: metaOf('User'),
  },
  {
    title: 'SCIM User',
    description: 'A person of the organization, as the directory knows them (RFC 7643, 4.1).',
  },
);
export type ScimUser = Static<typeof ScimUser>;

/** @NOTE the types of values are for whoever reads them: senders write otherwise, and what is wrong is told in SCIM's own words. */
export const NewScimUser = Type.Object(
  {
    userName: Type.Optional(Type.Unsafe<unknown>({ ...UserName })),
    externalId: Type.Optional(
      Type.Unsafe<unknown>({ description: 'The id that they have in the directory.' }),
    ),
    name: Type.Optional(Type.Unsafe<unknown>({ description: '`formatted`, `givenName`, `familyName`.' })),
    displayName: Type.Optional(Type.Unsafe<unknown>({ description: 'The name to show.' })),
    emails: Type.Optional(
      Type.Unsafe<unknown>({ description: 'Addresses, each `value`, `type`, `primary`.' }),
    ),
    active: Type.Optional(Type.Unsafe<unknown>({ description: `${Active} Left out, it stays as it is.` })),
  },
  {
    additionalProperties: true,
    title: 'SCIM User Body',
    description: 'What the directory says of a person. Attributes that are not kept here are passed over.',
  },
);

export const PatchBody = Type.Object(
  {
    schemas: Type.Optional(Type.Unsafe<unknown>({ description: 'Says that this is a change.' })),
    Operations: Type.Optional(
      Type.Unsafe<unknown>({
        description: 'Each `op` (add, replace or remove, in any case), `path`, `value`; at most 1,000.',
      }),
    ),
  },
  {
    additionalProperties: true,
    title: 'SCIM Patch',
    description: 'Changes to attributes (RFC 7644, 3.5.2).',
  },
);

export const listOf = <Resource extends ReturnType<typeof exactly>>(resource: Resource, title: string) =>
  exactly(
    {
      schemas: schemasField(urns.list),
      totalResults: Type.Integer({ description: 'How many there are in all.', examples: [1] }),
      startIndex: Type.Integer({ description: 'The first of these, from 1.', examples: [1] }),
      itemsPerPage: Type.Integer({ description: 'How many these are.', examples: [1] }),
      Resources: Type.Array(resource, { description: 'These.' }),
    },
    { title, description: 'Some of a list (RFC 7644, 3.4.2).' },
  );
export const ScimUserList = listOf(ScimUser, 'SCIM User List');
export type ScimUserList = Static<typeof ScimUserList>;

export const ResourcePath = exactly({
  id: Type.String({ description: 'The `id` of the resource.', examples: [exampleIds.user], maxLength: 256 }),
});

/** A version that follows from what a resource says, whoever changed it: 28 bits of its hash. */
export const versionOf = (row: object): number =>
  Number.parseInt(createHash('sha256').update(JSON.stringify(row)).digest('hex').slice(0, 7), 16);

/** The version of a resource, where it was asked for. */
export const versionIn = ({ meta }: { readonly meta?: { readonly version: string } }): number | undefined =>
  meta && Number(meta.version.replaceAll('"', ''));

/** A person in the words of SCIM. */
export function toScimUser(row: ScimUserRow): ScimUser {
  const { id, userName, externalId, displayName, formatted, givenName, familyName, emails, active } = row;
  const name = given({ formatted, givenName, familyName });
  return {
    schemas: [urns.user],
    id,
    userName,
    ...given({ externalId }),
    ...(Object.keys(name).length === 0 ? {} : { name }),
    ...given({ displayName }),
    ...(emails.length === 0 ? {} : { emails }),
    active,
    meta: {
      resourceType: 'User',
      created: row.created,
      lastModified: row.lastModified,
      location: `${scimDialect.prefix}/Users/${id}`,
      version: `"${versionOf(row)}"`,
    },
  };
}

/** What is not null: SCIM says nothing of what has no value. */
const given = (fields: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null));
