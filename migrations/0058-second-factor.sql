-- A second factor beside the password: one-time passwords by time (RFC 6238), and recovery codes. See docs/adr/0048-second-factor.md.

-- What encrypts the secrets of second factors: keys that were made here, each encrypted under METADATA_JWT_SECRET as those of 0007-jwt-keys.sql are.
create table data_keys (
  id text primary key,
  wrapped jsonb not null,
  created_at timestamptz(3) not null default now(),
  constraint data_keys_id_check check (id ~ '^[0-9a-f]{16}$')
);
alter table data_keys enable row level security, force row level security;
create policy data_keys_of_the_service on data_keys using (true);
grant select, insert, update on data_keys to brownie_app;

-- A person's, whatever their organizations. Not confirmed: begun, and nothing is asked for yet.
create table totp_factors (
  user_id uuid primary key references users (id),
  key_id text not null references data_keys (id),
  sealed_secret text not null,
  created_at timestamptz(3) not null default now(),
  confirmed_at timestamptz(3),
  -- The last time step whose code was taken: no code is taken twice.
  last_step bigint not null default 0
);
alter table totp_factors enable row level security, force row level security;
create policy totp_factors_of_the_user on totp_factors using (user_id = current_user_id());
grant select, insert, delete, update (key_id, sealed_secret, created_at, confirmed_at, last_step) on totp_factors to brownie_app;

-- For who has lost the device. Each is good once, and after a restore none is: one that was used would be good again.
create table recovery_codes (
  user_id uuid not null references users (id),
  code_hash bytea not null,
  epoch uuid not null,
  primary key (user_id, code_hash),
  constraint recovery_codes_hash_check check (octet_length(code_hash) = 32)
);
alter table recovery_codes enable row level security, force row level security;
create policy recovery_codes_of_the_user on recovery_codes using (user_id = current_user_id());
grant select, insert, delete on recovery_codes to brownie_app;

-- Logins whose first factor was right, for five minutes. Whoever reads a row can finish none: the token is not here.
create table login_challenges (
  token_hash bytea primary key,
  user_id uuid not null,
  org_id uuid not null,
  method text not null,
  -- As they were when it began: it is over once either is another one.
  generation integer not null,
  epoch uuid not null,
  expires_at timestamptz(3) not null default now() + interval '5 minutes',
  constraint login_challenges_hash_check check (octet_length(token_hash) = 32)
);
create index login_challenges_expires_idx on login_challenges (expires_at);
alter table login_challenges enable row level security, force row level security;
create policy login_challenges_of_the_service on login_challenges using (true);
-- Update only so that rows can be locked: those that have ended are taken without waiting for each other.
grant select, insert, delete, update (expires_at) on login_challenges to brownie_app;

-- What a session was begun with beside its method; null: nothing.
alter table sessions add column second_factor text;
grant update (second_factor) on sessions to brownie_app;

-- Whether its members can do nothing there without a second factor.
alter table organizations add column mfa_required boolean not null default false;

-- Instances that remember who calls (0049-access-changes.sql) forget everybody then: whoever joins at this moment cannot be named.
create function note_factor_demand() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
begin
  insert into access_changes (user_id) values ('00000000-0000-0000-0000-000000000000') on conflict do nothing;
  return null;
end
$$;
create trigger note_factor_demand after update of mfa_required on organizations for each row
  when (new.mfa_required is distinct from old.mfa_required) execute function note_factor_demand();
