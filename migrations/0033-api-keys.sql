-- What agents and senders of alerts call with. A key acts for a user, within its scopes and its teams, and each request looks it up with the rights
-- that the user has by then: docs/adr/0036-api-keys.md. Of a key the database has its SHA-256 alone.

create function current_api_key_hash() returns bytea
  language sql stable parallel safe
  return decode(nullif(current_setting('app.api_key_hash', true), ''), 'hex');

-- How often the user was locked out or deleted: it ends their keys for good. A new password does not.
alter table users add column key_generation integer not null default 0;
create function end_api_keys() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
begin
  new.key_generation := old.key_generation + 1;
  return new;
end
$$;
create trigger end_api_keys before update on users for each row
  when (new.is_active is distinct from old.is_active or new.deleted_at is distinct from old.deleted_at)
  execute function end_api_keys();

create table api_keys (
  org_id uuid not null,
  id uuid not null,
  -- For whom it acts: whose rights it has at most.
  user_id uuid not null,
  name text not null,
  scopes text[] not null,
  -- Empty: all teams of that user.
  team_ids uuid[] not null default '{}',
  -- Empty: from everywhere.
  address_ranges inet[] not null default '{}',
  secret_hash bytea not null,
  -- The secret before the last rotation, for as long as it is taken.
  previous_hash bytea,
  previous_until timestamptz(3),
  -- As they were when it was made: it is over once either is another one.
  generation integer not null,
  epoch uuid not null,
  created_by uuid not null,
  updated_by uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  last_used_at timestamptz(3),
  last_used_address inet,
  primary key (org_id, id),
  constraint api_keys_user_fkey foreign key (org_id, user_id) references organization_memberships (org_id, user_id),
  constraint api_keys_created_by_fkey foreign key (org_id, created_by) references organization_memberships (org_id, user_id),
  constraint api_keys_updated_by_fkey foreign key (org_id, updated_by) references organization_memberships (org_id, user_id),
  constraint api_keys_name_check check (char_length(name) between 1 and 255),
  constraint api_keys_scopes_check check (cardinality(scopes) between 1 and 100),
  constraint api_keys_team_ids_check check (cardinality(team_ids) <= 100),
  constraint api_keys_address_ranges_check check (cardinality(address_ranges) <= 100),
  constraint api_keys_secret_hash_check check (octet_length(secret_hash) = 32 and octet_length(previous_hash) = 32),
  constraint api_keys_previous_check check ((previous_hash is null) = (previous_until is null))
);
create index api_keys_list_idx on api_keys (org_id, created_at desc, id desc);
create index api_keys_user_idx on api_keys (org_id, user_id);
create unique index api_keys_secret_idx on api_keys (secret_hash);
create unique index api_keys_previous_idx on api_keys (previous_hash) where previous_hash is not null;

-- Beside the tenant's door and the user's, one for whoever shows the secret: it says whose key it is.
alter table api_keys enable row level security, force row level security;
create policy api_keys_read on api_keys for select using (
  org_id = current_org_id() or user_id = current_user_id() or current_api_key_hash() in (secret_hash, previous_hash)
);
create policy api_keys_insert on api_keys for insert with check (org_id = current_org_id());
create policy api_keys_update on api_keys for update using (org_id = current_org_id());
grant select, insert on api_keys to brownie_app;
grant update (name, address_ranges, secret_hash, previous_hash, previous_until, updated_by, updated_at, expires_at, revoked_at, last_used_at,
  last_used_address) on api_keys to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on api_keys execute function refuse_in_maintenance();

-- Keys are found by their id alone, as other resources are (0031-organization-of.sql).
create policy api_keys_locating on api_keys for select to current_user using (is_locating());

-- Whoever leaves an organization leaves no key there, whichever release lets them go.
create function revoke_api_keys() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
begin
  update api_keys set revoked_at = now() where org_id = new.org_id and user_id = new.user_id and revoked_at is null;
  return null;
end
$$;
create trigger revoke_api_keys after update on organization_memberships for each row
  when (new.removed_at is not null and old.removed_at is null) execute function revoke_api_keys();

-- By which key of the actor something was done; null where they did it themselves.
alter table audit_events add column api_key_id uuid;
