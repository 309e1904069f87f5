-- Maintenance: while it is on, the service changes no row of any tenant, on whichever instance, of whatever release.
--
-- Statement triggers enforce it. Each takes a lock that all writers share until they commit; whoever turns maintenance on
-- commits the row and then takes that lock alone: when it has it, no write is under way, and none begins.

-- One row while it is on, none else. Ends by itself when its time has come.
create table maintenance (
  is_one boolean primary key default true,
  message text not null,
  -- Null where its end is not planned.
  until timestamptz(3),
  started_at timestamptz(3) not null default now(),
  started_by text not null,
  constraint maintenance_is_one_check check (is_one),
  constraint maintenance_message_check check (char_length(message) between 1 and 500),
  constraint maintenance_started_by_check check (char_length(started_by) between 1 and 255)
);

-- What operators did to the service as a whole; what they did to a tenant is in its audit trail. Rows are only ever added.
create table operator_events (
  id bigint generated always as identity primary key,
  occurred_at timestamptz(3) not null default now(),
  actor text not null,
  action text not null,
  details jsonb not null default '{}',
  request_id text,
  constraint operator_events_actor_check check (char_length(actor) between 1 and 255),
  constraint operator_events_action_check check (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  constraint operator_events_request_id_check check (char_length(request_id) <= 128)
);

alter table maintenance enable row level security, force row level security;
alter table operator_events enable row level security, force row level security;
create policy maintenance_of_the_service on maintenance using (true);
create policy operator_events_read on operator_events for select using (true);
create policy operator_events_insert on operator_events for insert with check (true);
grant select, insert, update, delete on maintenance to brownie_app;
grant select, insert on operator_events to brownie_app;

-- Refuses a write with SQLSTATE MT503: its message is the one of the row, its detail the seconds that are left (empty where
-- its end is not planned). The owner of the tables is not bound: maintenance is for its work. It binds every program that
-- works as the service does; it is no wall against whoever holds the service's login and means to write.
create function refuse_in_maintenance() returns trigger
  language plpgsql
as $$
declare
  mode maintenance;
begin
  -- A transaction that was let in holds the lock until it ends: it may finish.
  if current_setting('app.change_admitted', true) = 'yes' then
    return null;
  end if;
  perform pg_advisory_xact_lock_shared(503, 8);
  if exists (select from maintenance where until is null or until > clock_timestamp())
    and not (select pg_has_role(current_user, relowner, 'member') from pg_class where oid = tg_relid)
  then
    select * into mode from maintenance;
    raise exception using errcode = 'MT503', message = coalesce(mode.message, 'maintenance'),
      detail = coalesce(ceil(extract(epoch from mode.until - clock_timestamp()))::text, '');
  end if;
  perform set_config('app.change_admitted', 'yes', true);
  return null;
end
$$;

-- In the order in which the service writes to them: no deadlock with a write that is under way.
create trigger refuse_in_maintenance before insert or update or delete on idempotency_keys execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on organizations execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on users execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on organization_memberships execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on teams execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on team_memberships execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on incidents execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on incident_events execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on agent_configs execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on agent_config_versions execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on stats execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on audit_events execute function refuse_in_maintenance();
