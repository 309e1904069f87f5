-- Hierarchical configurations, of which the effective one of an agent is merged: docs/adr/0050-hierarchical-configurations.md.

create table configs (
  org_id uuid not null references organizations (id),
  id uuid not null,
  -- `global` is the base of the organization, not of the service: no row is anybody else's. The agent layer is agent_configs.
  layer text not null,
  team_id uuid,
  name text not null,
  description text,
  state text not null default 'draft',
  priority integer not null default 0,
  -- The patterns of an alert, for the alert layer alone.
  match jsonb,
  config jsonb not null default '{}',
  -- Bytes that it adds at most to an answer that is explained: what an organization may have is counted in them.
  weight integer not null,
  version integer not null default 1,
  created_by uuid,
  updated_by uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  deleted_by uuid,
  primary key (org_id, id),
  constraint configs_team_fkey foreign key (org_id, team_id) references teams (org_id, id),
  constraint configs_created_by_fkey foreign key (org_id, created_by) references organization_memberships (org_id, user_id),
  constraint configs_updated_by_fkey foreign key (org_id, updated_by) references organization_memberships (org_id, user_id),
  constraint configs_deleted_by_fkey foreign key (org_id, deleted_by) references organization_memberships (org_id, user_id),
  constraint configs_layer_check check (layer in ('global', 'organization', 'team', 'alert')),
  constraint configs_team_check check ((layer = 'team') = (team_id is not null)),
  constraint configs_match_check check ((layer = 'alert') = (match is not null) and coalesce(jsonb_typeof(match), 'object') = 'object'),
  constraint configs_name_check check (char_length(name) between 1 and 255),
  constraint configs_state_check check (state in ('draft', 'active', 'deprecated', 'archived')),
  constraint configs_priority_check check (priority between 0 and 1000),
  constraint configs_config_check check (jsonb_typeof(config) = 'object'),
  constraint configs_weight_check check (weight between 0 and 262144),
  constraint configs_version_check check (version >= 1),
  constraint configs_deleted_check check (deleted_by is null or deleted_at is not null)
);
create unique index configs_name_key on configs (org_id, name) where deleted_at is null;
create index configs_list_idx on configs (org_id, created_at desc, id desc) where deleted_at is null;
create index configs_with_deleted_idx on configs (org_id, created_at desc, id desc);
create index configs_team_idx on configs (org_id, team_id);

-- What a version said, and in what state it was. Rows are added, never changed.
create table config_versions (
  org_id uuid not null,
  config_id uuid not null,
  version integer not null,
  change text not null,
  state text not null,
  snapshot jsonb not null,
  created_by uuid,
  created_at timestamptz(3) not null default now(),
  primary key (org_id, config_id, version),
  constraint config_versions_config_fkey foreign key (org_id, config_id) references configs (org_id, id),
  constraint config_versions_created_by_fkey foreign key (org_id, created_by) references organization_memberships (org_id, user_id),
  constraint config_versions_change_check check
    (change in ('created', 'updated', 'published', 'deprecated', 'archived', 'rolled_back', 'deleted', 'restored')),
  constraint config_versions_state_check check (state in ('draft', 'active', 'deprecated', 'archived')),
  constraint config_versions_snapshot_check check (jsonb_typeof(snapshot) = 'object')
);

-- What the configurations of an organization are known by: another one with every change, in its transaction. Instances keep layers under it. It
-- is drawn, not counted: after a failover that lost a change a number would come a second time.
create table config_revisions (
  org_id uuid primary key references organizations (id),
  revision uuid not null
);

alter table configs enable row level security, force row level security;
alter table config_versions enable row level security, force row level security;
alter table config_revisions enable row level security, force row level security;
create policy configs_tenant on configs using (org_id = current_org_id());
create policy config_versions_tenant on config_versions using (org_id = current_org_id());
create policy config_revisions_tenant on config_revisions using (org_id = current_org_id());
grant select, insert, update on configs to brownie_app;
grant select, insert on config_versions to brownie_app;
grant select, insert, update (revision) on config_revisions to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on configs execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on config_versions execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on config_revisions execute function refuse_in_maintenance();
create trigger refuse_inactive before insert or update on configs for each row execute function refuse_inactive();

-- As 0031, and of configurations.
create policy configs_locating on configs for select to current_user using (is_locating());
create or replace function organization_of(kind text, resource uuid) returns uuid
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  holder uuid;
begin
  -- Not as a setting of the function: that takes a superuser for a parameter that PostgreSQL does not know.
  perform set_config('app.locating', 'yes', true);
  case kind
    when 'team' then
      select r.org_id into holder from organization_memberships m join teams r on r.org_id = m.org_id and r.id = resource
      where m.user_id = current_user_id() and m.removed_at is null limit 1;
    when 'user' then
      select r.org_id into holder from organization_memberships m join organization_memberships r on r.org_id = m.org_id and r.user_id = resource
      where m.user_id = current_user_id() and m.removed_at is null order by m.created_at, m.org_id limit 1;
    when 'incident' then
      select r.org_id into holder from organization_memberships m join incidents r on r.org_id = m.org_id and r.id = resource
      where m.user_id = current_user_id() and m.removed_at is null limit 1;
    when 'agent_config' then
      select r.org_id into holder from organization_memberships m join agent_configs r on r.org_id = m.org_id and r.id = resource
      where m.user_id = current_user_id() and m.removed_at is null limit 1;
    when 'config' then
      select r.org_id into holder from organization_memberships m join configs r on r.org_id = m.org_id and r.id = resource
      where m.user_id = current_user_id() and m.removed_at is null limit 1;
    when 'stats' then
      select r.org_id into holder from organization_memberships m join stats r on r.org_id = m.org_id and r.id = resource
      where m.user_id = current_user_id() and m.removed_at is null limit 1;
    when 'api_key' then
      select r.org_id into holder from organization_memberships m join api_keys r on r.org_id = m.org_id and r.id = resource
      where m.user_id = current_user_id() and m.removed_at is null limit 1;
  end case;
  perform set_config('app.locating', '', true);
  return holder;
end
$$;
