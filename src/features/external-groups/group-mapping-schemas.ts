import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  pageOf,
  pageQuery,
  Uuid,
  withDefault,
} from '../../platform/schemas/common-schemas.ts';
import {
  CreatedAt,
  exampleIds,
  OrganizationId,
  OrgId,
  TeamId,
  UpdatedAt,
  UserId,
} from '../../platform/schemas/shared-fields.ts';
import { TeamRole } from '../users/index.ts';

const GroupMappingId = annotated(Uuid, {
  description: 'The id of the mapping.',
  examples: [exampleIds.groupMapping],
});
const ExternalGroup = Type.String({
  minLength: 1,
  maxLength: 255,
  description:
    'The group, exactly as the provider writes it in its claim, or the directory in its name: Entra ID writes object ids, Okta names, Keycloak paths.',
  examples: ['sre-on-call'],
});
const MappedTeam = annotated(TeamId, { description: 'The team that it gives a role in.' });
const MappedRole = annotated(TeamRole, { description: 'The role that it gives in the team.' });

export const GroupMapping = exactly(
  {
    id: GroupMappingId,
    org_id: OrgId,
    organization_id: OrganizationId,
    external_group: ExternalGroup,
    team_id: MappedTeam,
    role: MappedRole,
    created_by: annotated(UserId, { description: 'Who made it.' }),
    updated_by: annotated(UserId, { description: 'Who changed it last.' }),
    created_at: CreatedAt,
    updated_at: UpdatedAt,
  },
  {
    title: 'Group Mapping',
    description: 'What a group of an identity provider, or of a directory, gives of a team.',
  },
);
export type GroupMapping = Static<typeof GroupMapping>;

export const NewGroupMapping = exactly(
  { external_group: ExternalGroup, team_id: MappedTeam, role: withDefault(MappedRole, 'member') },
  { title: 'New Group Mapping', description: 'A group, and what it gives.' },
);
export type NewGroupMapping = Static<typeof NewGroupMapping>;

export const GroupMappingUpdate = exactly(
  { role: MappedRole },
  { title: 'Group Mapping Update', description: 'Another role.' },
);
export type GroupMappingUpdate = Static<typeof GroupMappingUpdate>;

export const GroupMappingPath = exactly({ org_id: OrgId, mapping_id: GroupMappingId });
export const GroupMappingListQuery = exactly(pageQuery);
export type GroupMappingListQuery = Static<typeof GroupMappingListQuery>;
export const GroupMappingPage = pageOf(GroupMapping, 'Group Mapping Page');
