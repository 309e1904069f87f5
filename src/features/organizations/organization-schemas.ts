import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  noted,
  nullable,
  Uuid,
  withDefault,
} from '../../platform/schemas/common-schemas.ts';
import { CreatedAt, exampleIds, UpdatedAt } from '../../platform/schemas/shared-fields.ts';

export const Name = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'Its name, in any script.',
  examples: ['Acme Operations'],
});
export const Slug = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[a-z0-9-]+$',
  description: 'Its name for addresses: `a-z`, `0-9` and hyphens.',
  examples: ['acme-operations'],
});
export const Description = nullable(
  Type.String({
    maxLength: 10_000,
    description: 'What it is for; null where nobody said.',
    examples: ['Runs the Acme platform'],
  }),
);

const OrganizationName = annotated(Name, { description: 'Its name, in any script; unique.' });
const OrganizationSlug = annotated(Slug, {
  description: 'Its name for addresses, unique: `a-z`, `0-9` and hyphens.',
});
/** A slug that may be left out. */
export const SlugOrMade = Type.Optional(
  noted(Slug, 'Without one it is made from the name; a number at its end where that is taken.'),
);
const IsActive = Type.Boolean({ description: 'A mark of yours: nothing is refused where it is false.' });
const MaxTeams = Type.Integer({
  minimum: 1,
  maximum: 1_000_000,
  description: 'How many teams it may have. Its admins may lower it; only the operator raises it.',
  examples: [10],
});
const MaxUsersPerTeam = Type.Integer({
  minimum: 1,
  maximum: 1_000_000,
  description:
    'How many users each of its teams may have. Its admins may lower it; only the operator raises it.',
  examples: [50],
});
const MfaRequired = Type.Boolean({
  description:
    'Whether its members can do nothing there without a second factor but add one. API keys are asked for none.',
});
const OrganizationId = annotated(Uuid, {
  description: 'The id of the organization.',
  examples: [exampleIds.organization],
});

export const Organization = exactly(
  {
    id: OrganizationId,
    name: OrganizationName,
    slug: OrganizationSlug,
    description: Description,
    is_active: IsActive,
    max_teams: MaxTeams,
    max_users_per_team: MaxUsersPerTeam,
    mfa_required: MfaRequired,
    created_at: CreatedAt,
    updated_at: UpdatedAt,
  },
  { title: 'Organization', description: 'A tenant: teams, users and everything else belong to one.' },
);
export type Organization = Static<typeof Organization>;

/** What an organization has where nobody said otherwise. */
export const defaultLimits = { max_teams: 10, max_users_per_team: 50 } as const;

export const NewOrganization = exactly(
  {
    name: OrganizationName,
    slug: SlugOrMade,
    description: withDefault(Description, null),
    is_active: withDefault(IsActive, true),
    max_teams: withDefault(MaxTeams, defaultLimits.max_teams),
    max_users_per_team: withDefault(MaxUsersPerTeam, defaultLimits.max_users_per_team),
    mfa_required: withDefault(MfaRequired, false),
  },
  {
    title: 'New Organization',
    description: 'An organization to be made. Its limits can be set lower, not higher.',
  },
);
export type NewOrganization = Static<typeof NewOrganization>;

export const OrganizationUpdate = exactly(
  {
    name: Type.Optional(OrganizationName),
    slug: Type.Optional(OrganizationSlug),
    description: Type.Optional(Description),
    is_active: Type.Optional(IsActive),
    max_teams: Type.Optional(MaxTeams),
    max_users_per_team: Type.Optional(MaxUsersPerTeam),
    mfa_required: Type.Optional(MfaRequired),
  },
  {
    title: 'Organization Update',
    description: 'Fields of an organization to change; those that are left out stay.',
    minProperties: 1,
  },
);
export type OrganizationUpdate = Static<typeof OrganizationUpdate>;

export const OrganizationPath = exactly({ org_id: OrganizationId });
