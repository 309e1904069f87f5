-- Organizations, users, teams and their memberships, and the row-level security that keeps tenants apart.
--
-- organizations and users are the directory: small, global, with names that are unique across tenants (on Citus:
-- reference tables). Every other table belongs to one organization and carries org_id in its primary key and in
-- each foreign key, so that no row can point across tenants (on Citus: distributed by org_id).

-- The group role of the service: it owns nothing and bypasses nothing. Login roles are made its members.
do $$
begin
  if not exists (select from pg_roles where rolname = 'brownie_app') then
    create role brownie_app nologin;
  end if;
end
$$;

grant usage on schema public to brownie_app;

-- The settings that row-level security reads. They are set for one transaction at a time; on a connection that
-- was used before they come back as the empty string, not as null.
create function current_org_id() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('app.org_id', true), '')::uuid;

create function current_user_id() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('app.user_id', true), '')::uuid;

create function current_login_email() returns text
  language sql stable parallel safe
  return nullif(current_setting('app.login_email', true), '');

-- One spelling for each e-mail address, whatever its case, in every script (lower() under the C locale knows ASCII only).
create function email_key(email text) returns text
  language sql immutable parallel safe
  return lower(normalize(email, nfc) collate "und-x-icu");

create table organizations (
  id uuid primary key,
  name text not null,
  slug text not null,
  description text,
  is_active boolean not null default true,
  max_teams integer not null default 10,
  max_users_per_team integer not null default 50,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint organizations_name_key unique (name),
  constraint organizations_slug_key unique (slug),
  constraint organizations_name_check check (char_length(name) between 1 and 255),
  constraint organizations_slug_check check (slug ~ '^[a-z0-9-]{1,100}$'),
  constraint organizations_max_teams_check check (max_teams >= 1),
  constraint organizations_max_users_per_team_check check (max_users_per_team >= 1)
);

-- One identity a person. org_id is the home organization: the one whose administrators manage this identity.
create table users (
  id uuid primary key,
  org_id uuid not null references organizations (id),
  email text not null,
  email_key text not null generated always as (email_key(email)) stored,
  username text not null,
  username_key text not null generated always as (lower(username)) stored,
  full_name text,
  avatar_url text,
  password_hash text,
  is_active boolean not null default true,
  is_verified boolean not null default false,
  preferences jsonb not null default '{}',
  created_by uuid references users (id),
  updated_by uuid references users (id),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  deleted_by uuid references users (id),
  constraint users_email_check check (email ~ '^[^@]+@[^@]+\.[^@]+$' and char_length(email) <= 320),
  constraint users_username_check check (username ~ '^[A-Za-z0-9_-]{3,100}$'),
  constraint users_full_name_check check (char_length(full_name) <= 255),
  constraint users_avatar_url_check check (char_length(avatar_url) <= 500),
  constraint users_preferences_check check (jsonb_typeof(preferences) = 'object'),
  constraint users_deleted_check check (deleted_by is null or deleted_at is not null)
);
create unique index idx_users_email on users (email_key) where deleted_at is null;
create unique index users_username_key on users (username_key) where deleted_at is null;
create index idx_users_org_id on users (org_id);
create index idx_users_deleted_at on users (org_id, created_at desc, id desc) where deleted_at is null;

create table organization_memberships (
  org_id uuid not null references organizations (id),
  user_id uuid not null references users (id),
  role text not null,
  -- The team that users.team_id of the API shows: the member's home team in this organization.
  team_id uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (org_id, user_id),
  constraint organization_memberships_role_check check (role in ('owner', 'admin', 'member'))
);
create index organization_memberships_user_idx on organization_memberships (user_id);
create index organization_memberships_list_idx on organization_memberships (org_id, created_at desc, user_id desc);
create index idx_users_team_id on organization_memberships (org_id, team_id);

create table teams (
  org_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  slug text not null,
  description text,
  is_active boolean not null default true,
  permissions jsonb not null default '{}',
  created_by uuid,
  updated_by uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (org_id, id),
  constraint teams_name_key unique (org_id, name),
  constraint teams_slug_key unique (org_id, slug),
  constraint teams_name_check check (char_length(name) between 1 and 255),
  constraint teams_slug_check check (slug ~ '^[a-z0-9-]{1,100}$'),
  constraint teams_permissions_check check (jsonb_typeof(permissions) = 'object'),
  constraint teams_created_by_fkey foreign key (org_id, created_by) references organization_memberships (org_id, user_id),
  constraint teams_updated_by_fkey foreign key (org_id, updated_by) references organization_memberships (org_id, user_id)
);
create index teams_list_idx on teams (org_id, created_at, id);

alter table organization_memberships
  add constraint organization_memberships_team_fkey foreign key (org_id, team_id) references teams (org_id, id);

create table team_memberships (
  org_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  role text not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (org_id, team_id, user_id),
  constraint team_memberships_role_check check (role in ('admin', 'member', 'viewer')),
  constraint team_memberships_team_fkey foreign key (org_id, team_id) references teams (org_id, id),
  constraint team_memberships_user_fkey foreign key (org_id, user_id) references organization_memberships (org_id, user_id)
);
create index team_memberships_user_idx on team_memberships (user_id);
create index team_memberships_member_idx on team_memberships (org_id, user_id);

-- Row-level security. Two doors: the tenant (app.org_id) and, to find out who is calling, the caller's own rows
-- (app.user_id) or the one row of the address that logs in (app.login_email). Writing takes the tenant.
alter table organizations enable row level security, force row level security;
alter table users enable row level security, force row level security;
alter table organization_memberships enable row level security, force row level security;
alter table teams enable row level security, force row level security;
alter table team_memberships enable row level security, force row level security;

create policy organizations_read on organizations for select using (
  id = current_org_id()
  or exists (
    select from organization_memberships m where m.org_id = organizations.id and m.user_id = current_user_id()
  )
);
create policy organizations_insert on organizations for insert with check (id = current_org_id());
create policy organizations_update on organizations for update using (id = current_org_id());

create policy users_read on users for select using (
  org_id = current_org_id()
  or id = current_user_id()
  or email_key = email_key(current_login_email())
  or exists (
    select from organization_memberships m where m.org_id = current_org_id() and m.user_id = users.id
  )
);
create policy users_insert on users for insert with check (org_id = current_org_id());
create policy users_update on users for update using (org_id = current_org_id());

create policy organization_memberships_read on organization_memberships for select using (
  org_id = current_org_id() or user_id = current_user_id()
);
create policy organization_memberships_insert on organization_memberships for insert
  with check (org_id = current_org_id());
create policy organization_memberships_update on organization_memberships for update using (org_id = current_org_id());

create policy teams_tenant on teams using (org_id = current_org_id());

create policy team_memberships_read on team_memberships for select using (
  org_id = current_org_id() or user_id = current_user_id()
);
create policy team_memberships_insert on team_memberships for insert with check (org_id = current_org_id());
create policy team_memberships_update on team_memberships for update using (org_id = current_org_id());
create policy team_memberships_delete on team_memberships for delete using (org_id = current_org_id());

grant select, insert, update on organizations, users, organization_memberships, teams to brownie_app;
grant select, insert, update, delete on team_memberships to brownie_app;
