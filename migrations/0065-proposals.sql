-- What is proposed to be changed of agent configurations, by whom and why, until somebody else decides: docs/adr/0054-proposals.md. That one has expired or its
-- configuration has changed since is no state of its own: it follows from the time and from the configuration.

create table proposals (
  org_id uuid not null,
  id uuid not null,
  config_id uuid not null,
  -- The version that it was made for, and for no other.
  base_version integer not null,
  -- The fields to be changed, as an update names them.
  change jsonb not null,
  reason text not null,
  incident_ids uuid[] not null default '{}',
  run_id text,
  status text not null default 'open',
  proposed_by uuid not null,
  -- The key that it was proposed with, and who had made that: they decide as little as who proposed it.
  api_key_id uuid,
  key_created_by uuid,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  decided_by uuid,
  decided_at timestamptz(3),
  note text,
  -- The version that an approved one became.
  version integer,
  primary key (org_id, id),
  constraint proposals_config_fkey foreign key (org_id, config_id) references agent_configs (org_id, id),
  constraint proposals_proposed_by_fkey foreign key (org_id, proposed_by) references organization_memberships (org_id, user_id),
  constraint proposals_decided_by_fkey foreign key (org_id, decided_by) references organization_memberships (org_id, user_id),
  constraint proposals_base_version_check check (base_version >= 1),
  constraint proposals_change_check check (jsonb_typeof(change) = 'object'),
  constraint proposals_reason_check check (char_length(reason) between 1 and 10000),
  constraint proposals_incident_ids_check check (cardinality(incident_ids) <= 20),
  constraint proposals_run_id_check check (char_length(run_id) between 1 and 255),
  constraint proposals_status_check check (status in ('open', 'approved', 'rejected', 'withdrawn')),
  constraint proposals_decided_check check ((status = 'open') = (decided_at is null) and (decided_by is null) = (decided_at is null)),
  constraint proposals_version_check check ((status = 'approved') = (version is not null)),
  constraint proposals_note_check check (char_length(note) <= 10000),
  constraint proposals_key_check check ((api_key_id is null) = (key_created_by is null))
);
alter table proposals alter column org_id set (n_distinct = -0.05);
create index proposals_config_idx on proposals (org_id, config_id, created_at desc, id desc);
create index proposals_list_idx on proposals (org_id, created_at desc, id desc);
create index proposals_open_idx on proposals (org_id, created_at desc, id desc) where status = 'open';

alter table proposals enable row level security, force row level security;
create policy proposals_tenant on proposals using (org_id = current_org_id());
grant select, insert, update (status, decided_by, decided_at, note, version) on proposals to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on proposals execute function refuse_in_maintenance();

-- As 0061, and of proposals.
create policy proposals_locating on proposals for select to current_user using (is_locating());
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
    when 'proposal' then
      select r.org_id into holder from organization_memberships m join proposals r on r.org_id = m.org_id and r.id = resource
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
