-- Agent configurations: the current state, and every version that ever was.

create table agent_configs (
  org_id uuid not null references organizations (id),
  id uuid not null,
  team_id uuid not null,
  name text not null,
  description text,
  agent_type text not null,
  is_active boolean not null default true,
  config jsonb not null default '{}',
  execution_timeout_seconds integer not null default 300,
  max_retries integer not null default 3,
  retry_delay_seconds integer not null default 60,
  triggers jsonb not null default '{}',
  conditions jsonb not null default '{}',
  tags text[] not null default '{}',
  config_metadata jsonb not null default '{}',
  version integer not null default 1,
  created_by uuid,
  updated_by uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  deleted_by uuid,
  primary key (org_id, id),
  constraint agent_configs_team_fkey foreign key (org_id, team_id) references teams (org_id, id),
  constraint agent_configs_created_by_fkey foreign key (org_id, created_by)
    references organization_memberships (org_id, user_id),
  constraint agent_configs_updated_by_fkey foreign key (org_id, updated_by)
    references organization_memberships (org_id, user_id),
  constraint agent_configs_deleted_by_fkey foreign key (org_id, deleted_by)
    references organization_memberships (org_id, user_id),
  constraint agent_configs_name_check check (char_length(name) between 1 and 255),
  constraint agent_configs_agent_type_check check
    (agent_type in ('incident_response', 'monitoring', 'analysis', 'notification', 'custom')),
  constraint agent_configs_config_check check (jsonb_typeof(config) = 'object'),
  constraint agent_configs_execution_timeout_check check (execution_timeout_seconds >= 1),
  constraint agent_configs_max_retries_check check (max_retries >= 0),
  constraint agent_configs_retry_delay_check check (retry_delay_seconds >= 1),
  constraint agent_configs_triggers_check check (jsonb_typeof(triggers) in ('object', 'array')),
  constraint agent_configs_conditions_check check (jsonb_typeof(conditions) in ('object', 'array')),
  constraint agent_configs_metadata_check check (jsonb_typeof(config_metadata) = 'object'),
  constraint agent_configs_version_check check (version >= 1),
  constraint agent_configs_deleted_check check (deleted_by is null or deleted_at is not null)
);
create unique index agent_configs_name_key on agent_configs (org_id, team_id, name) where deleted_at is null;
create index agent_configs_list_idx on agent_configs (org_id, team_id, created_at desc, id desc)
  where deleted_at is null;
create index agent_configs_agent_type_idx on agent_configs (org_id, team_id, agent_type, created_at desc, id desc)
  where deleted_at is null;
create index agent_configs_is_active_idx on agent_configs (org_id, team_id, is_active, created_at desc, id desc)
  where deleted_at is null;

-- What a version said, as the writable fields of the API. Rows are added, never changed.
create table agent_config_versions (
  org_id uuid not null,
  config_id uuid not null,
  version integer not null,
  change text not null,
  snapshot jsonb not null,
  created_by uuid,
  created_at timestamptz(3) not null default now(),
  primary key (org_id, config_id, version),
  constraint agent_config_versions_config_fkey foreign key (org_id, config_id) references agent_configs (org_id, id),
  constraint agent_config_versions_created_by_fkey foreign key (org_id, created_by)
    references organization_memberships (org_id, user_id),
  constraint agent_config_versions_change_check check
    (change in ('created', 'updated', 'rolled_back', 'deleted', 'restored')),
  constraint agent_config_versions_snapshot_check check (jsonb_typeof(snapshot) = 'object')
);

alter table agent_configs enable row level security, force row level security;
alter table agent_config_versions enable row level security, force row level security;
create policy agent_configs_tenant on agent_configs using (org_id = current_org_id());
create policy agent_config_versions_tenant on agent_config_versions using (org_id = current_org_id());
grant select, insert, update on agent_configs to brownie_app;
grant select, insert on agent_config_versions to brownie_app;
