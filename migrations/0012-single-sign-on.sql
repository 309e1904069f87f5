-- Single sign-on by OpenID Connect: logins that are under way, and whom the provider's subjects are here.

-- A login is begun on one instance and may end on any other. A row lives until its callback, ten minutes at most. It belongs to
-- no tenant: nobody knows yet who comes. Whoever reads it can finish no login: that takes the state, which is not here, and a
-- code of the provider.
create table oidc_logins (
  -- SHA-256 of the state.
  state_hash bytea primary key,
  nonce text not null,
  code_verifier text not null,
  -- SHA-256 of the cookie of the browser that began it; null where a program began it, which compares the state itself.
  browser_hash bytea,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null default now() + interval '10 minutes',
  constraint oidc_logins_state_hash_check check (octet_length(state_hash) = 32),
  constraint oidc_logins_browser_hash_check check (octet_length(browser_hash) = 32),
  constraint oidc_logins_expires_at_check check (expires_at <= created_at + interval '10 minutes')
);
create index oidc_logins_expires_idx on oidc_logins (expires_at);

alter table oidc_logins enable row level security, force row level security;
create policy oidc_logins_of_the_service on oidc_logins using (true);
-- Update only so that rows can be locked: those that have ended are taken without waiting for each other.
grant select, insert, delete, update (expires_at) on oidc_logins to brownie_app;

-- The one identity that a transaction may look up, as issuer and subject with a space between: an issuer holds none.
create function current_login_identity() returns text
  language sql stable parallel safe
  return nullif(current_setting('app.login_identity', true), '');

-- Part of the directory, as users are: a subject of an issuer is one person, whatever their organizations. org_id is the
-- home organization of the user.
create table user_identities (
  issuer text not null,
  subject text not null,
  org_id uuid not null,
  user_id uuid not null,
  created_at timestamptz(3) not null default now(),
  primary key (issuer, subject),
  -- One subject of an issuer a user: whoever is given the e-mail address of a former colleague is not given their account.
  constraint user_identities_user_key unique (user_id, issuer),
  constraint user_identities_member_fkey foreign key (org_id, user_id) references organization_memberships (org_id, user_id),
  constraint user_identities_issuer_check check (issuer !~ '\s' and char_length(issuer) between 1 and 2000),
  constraint user_identities_subject_check check (char_length(subject) between 1 and 255)
);
create index user_identities_member_idx on user_identities (org_id, user_id);

alter table user_identities enable row level security, force row level security;
create policy user_identities_read on user_identities for select using (
  org_id = current_org_id() or issuer || ' ' || subject = current_login_identity()
);
create policy user_identities_insert on user_identities for insert with check (org_id = current_org_id());
grant select, insert on user_identities to brownie_app;

-- As on every table of tenants: see 0008-maintenance.sql.
create trigger refuse_in_maintenance before insert or update or delete on user_identities execute function refuse_in_maintenance();
