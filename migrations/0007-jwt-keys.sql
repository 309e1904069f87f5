-- The keys that sign access tokens, and how far each is in its life: next, current, previous, retired.
--
-- They belong to no tenant. The keys themselves are encrypted under METADATA_JWT_SECRET, once for each secret that
-- instances have while it is changed: whoever reads this table can forge nothing.

create table jwt_keys (
  kid text primary key,
  status text not null,
  -- The key that is METADATA_JWT_SECRET itself, not one that was made here; names the secret that it encrypts under.
  configured_secret text,
  -- Encrypted key by fingerprint of the secret that opens it; nothing once the key is retired.
  wrapped jsonb not null,
  staged_at timestamptz(3) not null default now(),
  promoted_at timestamptz(3),
  demoted_at timestamptz(3),
  retired_at timestamptz(3),
  constraint jwt_keys_kid_check check (kid ~ '^[0-9a-f]{16}$'),
  constraint jwt_keys_status_check check (status in ('next', 'current', 'previous', 'retired')),
  constraint jwt_keys_times_check check (
    (status <> 'current' or promoted_at is not null)
    and (status <> 'previous' or demoted_at is not null)
    and (status = 'retired') = (retired_at is not null)
  ),
  constraint jwt_keys_retired_check check (status <> 'retired' or wrapped = '{}')
);
create unique index jwt_keys_one_current on jwt_keys (status) where status = 'current';
create unique index jwt_keys_one_next on jwt_keys (status) where status = 'next';

-- Secrets that have a successor, by their fingerprints: in the end they open no key any more.
create table jwt_superseded_secrets (
  fingerprint text primary key,
  superseded_at timestamptz(3) not null default now(),
  constraint jwt_superseded_secrets_fingerprint_check check (fingerprint ~ '^[0-9a-f]{8}$')
);

alter table jwt_keys enable row level security, force row level security;
create policy jwt_keys_of_the_service on jwt_keys using (true);
grant select, insert, update on jwt_keys to brownie_app;

alter table jwt_superseded_secrets enable row level security, force row level security;
create policy jwt_superseded_secrets_of_the_service on jwt_superseded_secrets using (true);
grant select, insert, delete on jwt_superseded_secrets to brownie_app;
