-- Who is logged in: a row for each login, which access tokens name (`sid`), and which each request looks up with its caller. What ends
-- a session takes effect at the next request, on every instance: docs/adr/0033-sessions.md.

-- One row. A restore writes another epoch: no session of before it is one any more, whatever the clocks say.
create table credential_epoch (
  is_one boolean primary key default true,
  epoch uuid not null default gen_random_uuid(),
  started_at timestamptz(3) not null default now(),
  -- Access tokens of the releases before this table name no session. They are good until they expire, 30 days at most, for users whom
  -- nothing has happened to since; an installation that had no users then never has any.
  unbound_until timestamptz(3) not null,
  constraint credential_epoch_is_one_check check (is_one)
);
alter table operator_events no force row level security;
insert into credential_epoch (unbound_until)
values (case
  when pg_relation_size('users') > 0
    -- Nor one that was restored: its tokens are those of another time.
    and not exists (select from operator_events where action = 'credentials.ended' and occurred_at > now() - interval '31 days')
  then now() + interval '31 days'
  else now()
end);
alter table operator_events force row level security;

alter table credential_epoch enable row level security, force row level security;
create policy credential_epoch_of_the_service on credential_epoch using (true);
grant select on credential_epoch to brownie_app;

-- How often all sessions of a user were ended at once.
alter table users add column session_generation integer not null default 0;

-- Whichever release, or person, changes what a user logs in with, or whether they may: their sessions end with it.
create function end_sessions() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
begin
  new.session_generation := old.session_generation + 1;
  return new;
end
$$;
create trigger end_sessions before update on users for each row
  when (new.session_generation = old.session_generation and (
    new.password_hash is distinct from old.password_hash
    or new.is_active is distinct from old.is_active
    or new.deleted_at is distinct from old.deleted_at
  ))
  execute function end_sessions();

-- A user ends their own sessions in whichever organization they are at work.
create policy users_update_own on users for update using (id = current_user_id());

create table sessions (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  -- As they were when it began: it is over once either is another one.
  generation integer not null,
  epoch uuid not null,
  method text not null,
  address inet,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  ended_at timestamptz(3),
  primary key (org_id, id),
  constraint sessions_member_fkey foreign key (org_id, user_id) references organization_memberships (org_id, user_id),
  constraint sessions_method_check check (method in ('password', 'single_sign_on'))
);
create index sessions_user_idx on sessions (user_id, created_at desc, id desc);

-- Their user's alone. No trigger of maintenance: people log in and out during it.
alter table sessions enable row level security, force row level security;
create policy sessions_of_the_user on sessions using (user_id = current_user_id());
grant select, insert, delete, update (ended_at) on sessions to brownie_app;
