import { type Static, Type } from 'typebox';
import { annotated, exactly, Uuid } from '../../platform/schemas/common-schemas.ts';
import { exampleIds } from '../../platform/schemas/shared-fields.ts';
import { scimDialect } from './scim-dialect.ts';
import type { ScimGroupRow, ScimMemberRow } from './scim-group-store.ts';
import { listOf, metaOf, schemasField, urns } from './scim-schemas.ts';

const exampleId = '01993f1c-6b41-7d02-9c68-5a2b1c7d3eb5';

// @NOTE without `$ref`, which readers of the API's document take for a reference of its own.
const Member = exactly(
  {
    value: annotated(Uuid, { description: 'The id of the user.', examples: [exampleIds.user] }),
    display: Type.String({ description: 'Their name.', examples: ['Ada Lovelace'] }),
    type: Type.String({ description: 'What they are: a user.', examples: ['User'] }),
  },
  { title: 'SCIM Member', description: 'Somebody who is in a group.' },
);

export const ScimGroup = exactly(
  {
    schemas: schemasField(urns.group),
    id: annotated(Uuid, { description: 'The id of the group.', examples: [exampleId] }),
    externalId: Type.Optional(
      Type.String({ description: 'The id that it has in the directory.', examples: ['00g1a2b3c4'] }),
    ),
    displayName: Type.Optional(
      Type.String({
        description: 'The name of the group; unique in the organization, whatever its case.',
        examples: ['SRE on call'],
      }),
    ),
    members: Type.Optional(Type.Array(Member, { description: 'Who is in it.' })),
    meta: metaOf('Group'),
  },
  { title: 'SCIM Group', description: 'A group of the directory (RFC 7643, 4.2).' },
);
export type ScimGroup = Static<typeof ScimGroup>;

export const ScimGroupList = listOf(ScimGroup, 'SCIM Group List');
export type ScimGroupList = Static<typeof ScimGroupList>;

export const NewScimGroup = Type.Object(
  {
    displayName: Type.Optional(Type.Unsafe<unknown>({ description: 'The name of the group.' })),
    externalId: Type.Optional(Type.Unsafe<unknown>({ description: 'The id that it has in the directory.' })),
    members: Type.Optional(
      Type.Unsafe<unknown>({
        description: 'Who is in it, each as `value`: the id of a user; at most 10,000.',
      }),
    ),
  },
  {
    additionalProperties: true,
    title: 'SCIM Group Body',
    description: 'What the directory says of a group. Attributes that are not kept here are passed over.',
  },
);

/** A group in the words of SCIM; without `members` where they were not asked for. */
export function toScimGroup(row: ScimGroupRow, members?: readonly ScimMemberRow[]): ScimGroup {
  const { id, displayName, externalId } = row;
  return {
    schemas: [urns.group],
    id,
    ...(externalId === null ? {} : { externalId }),
    displayName,
    ...(members === undefined
      ? {}
      : {
          members: members.map(({ user_id: value, display }) => ({
            value,
            display,
            type: 'User',
          })),
        }),
    meta: {
      resourceType: 'Group',
      created: row.created,
      lastModified: row.lastModified,
      location: `${scimDialect.prefix}/Groups/${id}`,
      version: `"${row.version}"`,
    },
  };
}
