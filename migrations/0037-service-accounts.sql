-- Users that are no person, for programs: members of teams as others are, whom keys act for. Nobody logs in as one.

alter table users add column kind text not null default 'person';

-- None has what a person logs in with, whichever release or person writes it: no password, no proved address, and none that could be proved
-- (RFC 2606, 2: .invalid).
alter table users add constraint users_kind_check check (kind in ('person', 'service_account')) not valid;
alter table users add constraint users_service_account_check check (
  kind = 'person'
  or (password_hash is null and verified_email is null and email = id::text || '@service-account.invalid')
) not valid;
