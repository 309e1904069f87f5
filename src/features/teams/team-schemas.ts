import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  JsonObject,
  pageOf,
  pageQuery,
  Uuid,
  withDefault,
} from '../../platform/schemas/common-schemas.ts';
import {
  CreatedAt,
  CreatedBy,
  exampleIds,
  OrganizationId,
  OrgId,
  RepeatedOrganizationId,
  UpdatedAt,
  UpdatedBy,
  UserId,
} from '../../platform/schemas/shared-fields.ts';
import { Description, Name, Slug, SlugOrMade } from '../organizations/index.ts';
import { TeamRole, User } from '../users/index.ts';

const TeamId = annotated(Uuid, { description: 'The id of the team.', examples: [exampleIds.team] });
const TeamName = annotated(Name, {
  description: 'Its name, in any script; unique in the organization.',
  examples: ['Payments'],
});
const TeamSlug = annotated(Slug, {
  description: 'Its name for addresses, unique in the organization: `a-z`, `0-9` and hyphens.',
  examples: ['payments'],
});
const TeamDescription = annotated(Description, { examples: ['Keeps the payments platform up'] });
const IsActive = Type.Boolean({
  description: 'False for a team that is retired: it is left out of the list of teams, and works as before.',
});
const Permissions = annotated(JsonObject, {
  description: 'Notes of your own. Nothing is granted by them: roles are.',
});

export const Team = exactly(
  {
    id: TeamId,
    org_id: OrgId,
    organization_id: OrganizationId,
    name: TeamName,
    slug: TeamSlug,
    description: TeamDescription,
    is_active: IsActive,
    permissions: Permissions,
    created_by: CreatedBy,
    updated_by: UpdatedBy,
    created_at: CreatedAt,
    updated_at: UpdatedAt,
  },
  {
    title: 'Team',
    description: 'A team of an organization: incidents, agent configurations and stats belong to one.',
  },
);
export type Team = Static<typeof Team>;

export const NewTeam = exactly(
  {
    name: TeamName,
    organization_id: Type.Optional(RepeatedOrganizationId),
    slug: SlugOrMade,
    description: withDefault(TeamDescription, null),
    is_active: withDefault(IsActive, true),
    permissions: withDefault(Permissions, {}),
  },
  { title: 'New Team', description: 'A team to be made.' },
);
export type NewTeam = Static<typeof NewTeam>;

export const TeamUpdate = exactly(
  {
    name: Type.Optional(TeamName),
    organization_id: Type.Optional(RepeatedOrganizationId),
    slug: Type.Optional(TeamSlug),
    description: Type.Optional(TeamDescription),
    is_active: Type.Optional(IsActive),
    permissions: Type.Optional(Permissions),
  },
  {
    title: 'Team Update',
    description: 'Fields of a team to change; those that are left out stay.',
    minProperties: 1,
  },
);
export type TeamUpdate = Static<typeof TeamUpdate>;

export const TeamPath = exactly({ team_id: TeamId });
export const MemberPath = exactly({ team_id: TeamId, user_id: UserId });

export const Member = exactly(
  { user_id: UserId, role: TeamRole, user: User },
  { title: 'Team Member', description: 'A user in a team, with their role there.' },
);
export type Member = Static<typeof Member>;
export const MemberListQuery = exactly(pageQuery);
export type MemberListQuery = Static<typeof MemberListQuery>;
export const MemberPage = pageOf(Member, 'Team Member Page');
export const NewMember = exactly(
  { user_id: UserId, role: TeamRole },
  { title: 'New Team Member', description: 'A user of the organization to be taken into the team.' },
);
export const MemberUpdate = exactly(
  { role: TeamRole },
  { title: 'Team Member Update', description: 'What a member is to be in the team.' },
);
