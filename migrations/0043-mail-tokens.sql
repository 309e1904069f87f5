-- What a mail proves: whoever shows the token reads the mailbox. Each is good once, until it expires, while nothing of the account's logins changed and its
-- address is the same; of a token the database has its SHA-256 alone. See docs/adr/0032-what-proves-a-person.md.

create function current_mail_token_hash() returns bytea
  language sql stable parallel safe
  return decode(nullif(current_setting('app.mail_token_hash', true), ''), 'hex');

create table mail_tokens (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  purpose text not null,
  -- Whose mailbox it went to.
  email text not null,
  secret_hash bytea not null,
  -- As they were when it was made: it is over once either is another one.
  generation integer not null,
  epoch uuid not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  primary key (org_id, id),
  constraint mail_tokens_member_fkey foreign key (org_id, user_id) references organization_memberships (org_id, user_id),
  constraint mail_tokens_purpose_check check (purpose in ('password_reset', 'email_verification')),
  constraint mail_tokens_secret_hash_check check (octet_length(secret_hash) = 32)
);
create unique index mail_tokens_secret_idx on mail_tokens (secret_hash);
create index mail_tokens_user_idx on mail_tokens (user_id);
create index mail_tokens_expiry_idx on mail_tokens (expires_at);

-- Their user's alone, with a door for whoever shows one: it says whose it is.
alter table mail_tokens enable row level security, force row level security;
create policy mail_tokens_read on mail_tokens for select using (
  user_id = current_user_id() or secret_hash = current_mail_token_hash()
);
create policy mail_tokens_insert on mail_tokens for insert with check (user_id = current_user_id());
create policy mail_tokens_delete on mail_tokens for delete using (user_id = current_user_id());
grant select, insert, delete, update (expires_at) on mail_tokens to brownie_app;

-- As 0022-sweeping.sql has it for what expires.
create policy mail_tokens_expired on mail_tokens for select using (is_sweeping() and expires_at <= now());
create policy mail_tokens_lock on mail_tokens for update using (is_sweeping() and expires_at <= now()) with check (false);
create policy mail_tokens_sweep on mail_tokens for delete using (is_sweeping() and expires_at <= now());
create trigger refuse_in_maintenance before insert or update or delete on mail_tokens execute function refuse_in_maintenance();
