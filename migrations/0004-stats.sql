-- Statistics: measured values of a team, as time series points.

create table stats (
  org_id uuid not null references organizations (id),
  id uuid not null,
  team_id uuid not null,
  metric_name text not null,
  metric_type text not null,
  value double precision not null,
  count bigint not null default 1,
  "timestamp" timestamptz(3) not null default now(),
  time_window text,
  labels jsonb not null default '{}',
  description text,
  unit text,
  created_by uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (org_id, id),
  constraint stats_team_fkey foreign key (org_id, team_id) references teams (org_id, id),
  constraint stats_created_by_fkey foreign key (org_id, created_by)
    references organization_memberships (org_id, user_id),
  constraint stats_metric_name_check check (char_length(metric_name) between 1 and 255),
  constraint stats_metric_type_check check (char_length(metric_type) between 1 and 50),
  constraint stats_value_check check (value > '-Infinity' and value < 'Infinity'),
  constraint stats_count_check check (count between 0 and 9007199254740991),
  constraint stats_time_window_check check (char_length(time_window) between 1 and 50),
  constraint stats_labels_check check (jsonb_typeof(labels) = 'object'),
  constraint stats_unit_check check (char_length(unit) between 1 and 50)
);
create index stats_team_idx on stats (org_id, team_id, "timestamp" desc, id desc);
create index stats_team_metric_name_idx on stats (org_id, team_id, metric_name, "timestamp" desc, id desc);
create index stats_team_metric_type_idx on stats (org_id, team_id, metric_type, "timestamp" desc, id desc);
create index stats_org_idx on stats (org_id, "timestamp" desc, id desc);
create index stats_org_metric_name_idx on stats (org_id, metric_name, "timestamp" desc, id desc);
create index stats_org_metric_type_idx on stats (org_id, metric_type, "timestamp" desc, id desc);

alter table stats enable row level security, force row level security;
create policy stats_tenant on stats using (org_id = current_org_id());
grant select, insert, delete on stats to brownie_app;
