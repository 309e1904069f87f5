-- Mails that are to be sent: written with the change that they tell of, sent by whichever instance comes first, and removed then. What they say is
-- sealed under a key that the database does not have, for it holds tokens: docs/adr/0039-mails.md.

create table mails (
  org_id uuid not null references organizations (id),
  id uuid not null,
  kind text not null,
  message text not null,
  attempts integer not null default 0,
  -- A sender that takes one moves it on, so that no other takes it meanwhile.
  due_at timestamptz(3) not null default now(),
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  primary key (org_id, id),
  constraint mails_message_check check (char_length(message) <= 20000)
);
create index mails_due_idx on mails (due_at);
create index mails_expiry_idx on mails (expires_at);

-- A tenant puts them in and sees none; who sends them names a door of their own.
create function is_delivering() returns boolean
  language sql stable parallel safe
  return coalesce(current_setting('app.delivery', true), '') = 'yes';

alter table mails enable row level security, force row level security;
create policy mails_insert on mails for insert with check (org_id = current_org_id());
create policy mails_read on mails for select using (is_delivering());
create policy mails_update on mails for update using (is_delivering());
create policy mails_delete on mails for delete using (is_delivering());
grant select, insert, delete, update (attempts, due_at) on mails to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on mails execute function refuse_in_maintenance();
