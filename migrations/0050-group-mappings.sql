-- What groups of an identity provider, or of a directory, give here: docs/adr/0044-groups-give-teams.md. Three things that are kept apart: which groups
-- somebody is in as a source said last, what a group gives, and what was given so, as against by hand.

-- A group, by its name or id as the source writes it, gives a role in a team. It gives none in the organization.
create table group_mappings (
  org_id uuid not null,
  id uuid not null,
  external_group text not null,
  team_id uuid not null,
  role text not null,
  created_by uuid not null,
  updated_by uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (org_id, id),
  constraint group_mappings_group_key unique (org_id, external_group, team_id),
  -- What is given in a team goes with it.
  constraint group_mappings_team_fkey foreign key (org_id, team_id) references teams (org_id, id) on delete cascade,
  constraint group_mappings_created_by_fkey foreign key (org_id, created_by) references organization_memberships (org_id, user_id),
  constraint group_mappings_updated_by_fkey foreign key (org_id, updated_by) references organization_memberships (org_id, user_id),
  constraint group_mappings_group_check check (char_length(external_group) between 1 and 255),
  constraint group_mappings_role_check check (role in ('admin', 'member', 'viewer'))
);
create index group_mappings_list_idx on group_mappings (org_id, created_at desc, id desc);
create index group_mappings_team_idx on group_mappings (org_id, team_id);

-- Who is in which group, as its source said last: `scim`, or `oidc:` and the name of a provider. Mapped or not, so that a mapping takes effect at once.
create table external_group_members (
  org_id uuid not null,
  source text not null,
  external_group text not null,
  user_id uuid not null,
  primary key (org_id, user_id, source, external_group),
  constraint external_group_members_member_fkey foreign key (org_id, user_id) references organization_memberships (org_id, user_id),
  constraint external_group_members_source_check check (source ~ '^(scim|oidc:[a-z0-9-]{1,40})$'),
  constraint external_group_members_group_check check (char_length(external_group) between 1 and 255)
);
create index external_group_members_group_idx on external_group_members (org_id, external_group);

-- Memberships that a mapping gave, with the role that it gave. One that has another role by now was changed by hand.
create table mapped_memberships (
  org_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  role text not null,
  primary key (org_id, team_id, user_id),
  constraint mapped_memberships_membership_fkey foreign key (org_id, team_id, user_id)
    references team_memberships (org_id, team_id, user_id) on delete cascade,
  constraint mapped_memberships_role_check check (role in ('admin', 'member', 'viewer'))
);
create index mapped_memberships_user_idx on mapped_memberships (org_id, user_id);

alter table group_mappings enable row level security, force row level security;
alter table external_group_members enable row level security, force row level security;
alter table mapped_memberships enable row level security, force row level security;
create policy group_mappings_tenant on group_mappings using (org_id = current_org_id());
create policy external_group_members_tenant on external_group_members using (org_id = current_org_id());
create policy mapped_memberships_tenant on mapped_memberships using (org_id = current_org_id());
grant select, insert, delete, update (role, updated_by, updated_at) on group_mappings to brownie_app;
grant select, insert, delete on external_group_members to brownie_app;
grant select, insert, delete, update (role) on mapped_memberships to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on group_mappings execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on external_group_members execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on mapped_memberships execute function refuse_in_maintenance();
create trigger refuse_inactive before insert or update on group_mappings for each row execute function refuse_inactive();
