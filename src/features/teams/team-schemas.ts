import { type Static, Type } from 'typebox';
import {
  exactly,
  JsonObject,
  nullable,
  pageOf,
  pageQuery,
  Timestamp,
  Uuid,
} from '../../platform/schemas/common-schemas.ts';
import { Description, Name, Slug } from '../organizations/index.ts';
import { TeamRole, User } from '../users/index.ts';

export const Team = exactly(
  {
    id: Uuid,
    org_id: Uuid,
    organization_id: Uuid,
    name: Name,
    slug: Slug,
    description: Description,
    is_active: Type.Boolean(),
    permissions: JsonObject,
    created_by: nullable(Uuid),
    updated_by: nullable(Uuid),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'Team' },
);
export type Team = Static<typeof Team>;

const writable = {
  slug: Type.Optional(Slug),
  description: Type.Optional(Description),
  is_active: Type.Optional(Type.Boolean()),
  permissions: Type.Optional(JsonObject),
};

export const NewTeam = exactly(
  { name: Name, organization_id: Type.Optional(Uuid), ...writable },
  { title: 'New Team' },
);
export type NewTeam = Static<typeof NewTeam>;

export const TeamUpdate = exactly(
  { name: Type.Optional(Name), organization_id: Type.Optional(Uuid), ...writable },
  { title: 'Team Update', minProperties: 1 },
);
export type TeamUpdate = Static<typeof TeamUpdate>;

export const TeamPath = exactly({ team_id: Uuid });
export const MemberPath = exactly({ team_id: Uuid, user_id: Uuid });

export const Member = exactly({ user_id: Uuid, role: TeamRole, user: User }, { title: 'Team Member' });
export type Member = Static<typeof Member>;
export const MemberListQuery = exactly(pageQuery);
export type MemberListQuery = Static<typeof MemberListQuery>;
export const MemberPage = pageOf(Member, 'Team Member Page');
export const NewMember = exactly({ user_id: Uuid, role: TeamRole }, { title: 'New Team Member' });
export const MemberUpdate = exactly({ role: TeamRole }, { title: 'Team Member Update' });
