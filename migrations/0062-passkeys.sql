-- Passkeys (WebAuthn) as a second factor and as a way to log in. See docs/adr/0051-passkeys.md.

-- A person's, whatever their organizations. What is here proves nothing to anybody: the private key is in the authenticator.
create table passkeys (
  user_id uuid not null references users (id),
  id uuid not null,
  -- The authenticator's name for it: nobody else's (WebAuthn, 7.1, step 26).
  credential_id bytea not null,
  -- As COSE writes it.
  public_key bytea not null,
  -- How often it was used, as far as the authenticator counts: one that goes back was copied.
  counter bigint not null,
  transports text[] not null,
  name text not null,
  created_at timestamptz(3) not null default now(),
  last_used_at timestamptz(3),
  primary key (user_id, id),
  constraint passkeys_credential_id_key unique (credential_id),
  constraint passkeys_credential_id_check check (octet_length(credential_id) between 1 and 1023),
  constraint passkeys_name_check check (char_length(name) between 1 and 100)
);
alter table passkeys enable row level security, force row level security;
create policy passkeys_of_the_user on passkeys using (user_id = current_user_id());
grant select, insert, delete, update (counter, last_used_at, name) on passkeys to brownie_app;

-- What authenticators sign, for five minutes and once, at whichever instance.
create table passkey_challenges (
  challenge_hash bytea primary key,
  -- register, prove, second_step: of that user; log_in: of nobody yet.
  purpose text not null,
  user_id uuid,
  -- As they were when it was made: it is over once either is another one.
  generation integer,
  epoch uuid not null,
  expires_at timestamptz(3) not null default now() + interval '5 minutes',
  constraint passkey_challenges_hash_check check (octet_length(challenge_hash) = 32),
  constraint passkey_challenges_purpose_check check (purpose in ('register', 'prove', 'second_step', 'log_in')),
  constraint passkey_challenges_user_check check ((purpose = 'log_in') = (user_id is null) and (user_id is null) = (generation is null))
);
create index passkey_challenges_expires_idx on passkey_challenges (expires_at);
alter table passkey_challenges enable row level security, force row level security;
create policy passkey_challenges_of_the_service on passkey_challenges using (true);
-- Update only so that rows can be locked: those that have ended are taken without waiting for each other.
grant select, insert, delete, update (expires_at) on passkey_challenges to brownie_app;

-- More than before: no row breaks it, so none is looked at.
alter table sessions drop constraint sessions_method_check;
alter table sessions add constraint sessions_method_check check (method in ('password', 'single_sign_on', 'passkey')) not valid;
