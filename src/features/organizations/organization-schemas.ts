import { type Static, Type } from 'typebox';
import { exactly, nullable, Timestamp, Uuid } from '../../platform/schemas/common-schemas.ts';

export const Name = Type.String({ minLength: 1, maxLength: 255, examples: ['Acme Operations'] });
export const Slug = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[a-z0-9-]+$',
  examples: ['acme-operations'],
});
export const Description = nullable(Type.String({ maxLength: 10_000 }));

const limits = {
  max_teams: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 10 }),
  max_users_per_team: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 50 }),
};

export const Organization = exactly(
  {
    id: Uuid,
    name: Name,
    slug: Slug,
    description: Description,
    is_active: Type.Boolean(),
    ...limits,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'Organization' },
);
export type Organization = Static<typeof Organization>;

const writable = {
  slug: Type.Optional(Slug),
  description: Type.Optional(Description),
  is_active: Type.Optional(Type.Boolean()),
  max_teams: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  max_users_per_team: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
};

export const NewOrganization = exactly({ name: Name, ...writable }, { title: 'New Organization' });
export type NewOrganization = Static<typeof NewOrganization>;

export const OrganizationUpdate = exactly(
  { name: Type.Optional(Name), ...writable },
  { title: 'Organization Update', minProperties: 1 },
);
export type OrganizationUpdate = Static<typeof OrganizationUpdate>;

export const OrganizationPath = exactly({ org_id: Uuid });
