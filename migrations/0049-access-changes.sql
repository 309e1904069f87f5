-- Whose access changed, for instances that remember who calls: each asks several times a second what was committed since it asked last
-- (docs/adr/0043-who-calls-is-remembered.md). Written by triggers, so that it holds whichever release, command or person changes
-- something; with the change it commits or does not. No NOTIFY: that takes a lock on the whole database until its commit is on the disk, and
-- is lost by poolers.

create table access_changes (
  -- Whose commit makes it visible: what a snapshot sees of it is what it sees of the change.
  xid xid8 not null default pg_current_xact_id(),
  -- Nil: too many to be named.
  user_id uuid not null,
  -- When a sweep saw it, which it outlives by a while: when it was committed nobody can say.
  swept_at timestamptz(3),
  primary key (xid, user_id)
);

-- It names nobody's data: no tenant, no role.
alter table access_changes enable row level security, force row level security;
create policy access_changes_of_the_service on access_changes using (true);
grant select, insert, delete, update (swept_at) on access_changes to brownie_app;

-- `changed` holds the rows of a statement.
create function note_access_changes() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
declare
  users uuid[] := array(select distinct user_id from changed limit 1001);
begin
  insert into access_changes (user_id)
  select unnest(case when cardinality(users) > 1000 then '{00000000-0000-0000-0000-000000000000}' else users end)
  on conflict do nothing;
  return null;
end
$$;

create function note_user_changes() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
declare
  users uuid[] := array(select id from changed limit 1001);
begin
  insert into access_changes (user_id)
  select unnest(case when cardinality(users) > 1000 then '{00000000-0000-0000-0000-000000000000}' else users end)
  on conflict do nothing;
  return null;
end
$$;

create trigger note_user_updates after update on users
  referencing old table as changed for each statement execute function note_user_changes();
create trigger note_user_deletions after delete on users
  referencing old table as changed for each statement execute function note_user_changes();

create trigger note_access_insertions after insert on organization_memberships
  referencing new table as changed for each statement execute function note_access_changes();
create trigger note_access_updates after update on organization_memberships
  referencing old table as changed for each statement execute function note_access_changes();
create trigger note_access_deletions after delete on organization_memberships
  referencing old table as changed for each statement execute function note_access_changes();

create trigger note_access_insertions after insert on team_memberships
  referencing new table as changed for each statement execute function note_access_changes();
create trigger note_access_updates after update on team_memberships
  referencing old table as changed for each statement execute function note_access_changes();
create trigger note_access_deletions after delete on team_memberships
  referencing old table as changed for each statement execute function note_access_changes();

-- Not when a session begins: whoever does not know it asks.
create trigger note_access_updates after update on sessions
  referencing old table as changed for each statement execute function note_access_changes();
create trigger note_access_deletions after delete on sessions
  referencing old table as changed for each statement execute function note_access_changes();
