-- Incidents and their timeline.

create table incidents (
  org_id uuid not null references organizations (id),
  id uuid not null,
  team_id uuid not null,
  title text not null,
  description text,
  status text not null default 'open',
  priority text not null default 'medium',
  assigned_to uuid,
  tags text[] not null default '{}',
  incident_metadata jsonb not null default '{}',
  idempotency_key text,
  version integer not null default 1,
  started_at timestamptz(3),
  resolved_at timestamptz(3),
  closed_at timestamptz(3),
  response_time_minutes integer,
  resolution_time_minutes integer,
  created_by uuid,
  updated_by uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  deleted_by uuid,
  primary key (org_id, id),
  constraint incidents_team_fkey foreign key (org_id, team_id) references teams (org_id, id),
  constraint incidents_assigned_to_fkey foreign key (org_id, assigned_to)
    references organization_memberships (org_id, user_id),
  constraint incidents_created_by_fkey foreign key (org_id, created_by)
    references organization_memberships (org_id, user_id),
  constraint incidents_updated_by_fkey foreign key (org_id, updated_by)
    references organization_memberships (org_id, user_id),
  constraint incidents_deleted_by_fkey foreign key (org_id, deleted_by)
    references organization_memberships (org_id, user_id),
  constraint incidents_title_check check (char_length(title) between 1 and 500),
  constraint incidents_status_check check (status in ('open', 'in_progress', 'resolved', 'closed', 'cancelled')),
  constraint incidents_priority_check check (priority in ('low', 'medium', 'high', 'critical')),
  constraint incidents_metadata_check check (jsonb_typeof(incident_metadata) = 'object'),
  constraint incidents_idempotency_key_check check (char_length(idempotency_key) between 1 and 255),
  constraint incidents_version_check check (version >= 1),
  constraint incidents_resolved_check check (status <> 'resolved' or resolved_at is not null),
  constraint incidents_closed_check check ((status = 'closed') = (closed_at is not null)),
  constraint incidents_started_check check (status = 'open' or started_at is not null),
  constraint incidents_response_time_check check ((response_time_minutes is null) = (started_at is null)
    and response_time_minutes >= 0),
  constraint incidents_resolution_time_check check ((resolution_time_minutes is null) = (resolved_at is null)
    and resolution_time_minutes >= 0),
  constraint incidents_deleted_check check (deleted_by is null or deleted_at is not null)
);
create unique index incidents_idempotency_key_key on incidents (org_id, idempotency_key)
  where idempotency_key is not null and deleted_at is null;
create index incidents_list_idx on incidents (org_id, team_id, created_at desc, id desc) where deleted_at is null;
create index incidents_status_idx on incidents (org_id, team_id, status, created_at desc, id desc)
  where deleted_at is null;
create index incidents_priority_idx on incidents (org_id, team_id, priority, created_at desc, id desc)
  where deleted_at is null;
create index incidents_all_idx on incidents (org_id, team_id, created_at desc, id desc) where deleted_at is not null;
create index incidents_assigned_to_idx on incidents (org_id, assigned_to) where assigned_to is not null;

-- The timeline: what happened to an incident, in order. Rows are added, never changed.
create table incident_events (
  org_id uuid not null,
  incident_id uuid not null,
  id uuid not null,
  type text not null,
  actor_id uuid,
  comment text,
  changes jsonb not null default '{}',
  created_at timestamptz(3) not null default now(),
  primary key (org_id, incident_id, id),
  constraint incident_events_incident_fkey foreign key (org_id, incident_id) references incidents (org_id, id),
  constraint incident_events_actor_fkey foreign key (org_id, actor_id)
    references organization_memberships (org_id, user_id),
  constraint incident_events_type_check check (type in
    ('created', 'updated', 'assigned', 'status_changed', 'reopened', 'commented', 'deleted', 'restored')),
  constraint incident_events_comment_check check ((comment is not null) = (type = 'commented')
    and char_length(comment) between 1 and 10000),
  constraint incident_events_changes_check check (jsonb_typeof(changes) = 'object')
);
create index incident_events_list_idx on incident_events (org_id, incident_id, created_at desc, id desc);

alter table incidents enable row level security, force row level security;
alter table incident_events enable row level security, force row level security;
create policy incidents_tenant on incidents using (org_id = current_org_id());
create policy incident_events_tenant on incident_events using (org_id = current_org_id());
grant select, insert, update on incidents to brownie_app;
grant select, insert on incident_events to brownie_app;
