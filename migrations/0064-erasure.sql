-- What tells who somebody was is erased for good where they ask for that: docs/adr/0052-erasure.md. Their account stays as an empty shell that others refer
-- to, and entries of the audit trail lose what names them. The chain keeps the hash of each such entry as it was; what it says since is signed.

alter table users add column erased_at timestamptz(3);
-- No row breaks it: none is erased yet.
alter table users add constraint users_erased_check check (
  erased_at is null
  or (deleted_at is not null and password_hash is null and verified_email is null and full_name is null and avatar_url is null and not is_active)
) not valid;

create table audit_erasures (
  org_id uuid not null,
  event_id uuid not null,
  seq bigint not null,
  -- SHA-256 of what the entry says since.
  entry_hash bytea not null,
  -- By a key that the database has not: whoever changes an entry otherwise is found out.
  signed_at timestamptz(3) not null,
  key_id text not null,
  public_key text not null,
  signature text not null,
  primary key (org_id, event_id),
  constraint audit_erasures_seq_key unique (org_id, seq),
  constraint audit_erasures_seq_check check (seq > 0),
  constraint audit_erasures_entry_hash_check check (octet_length(entry_hash) = 32)
);
alter table audit_erasures alter column org_id set (n_distinct = -0.05);
alter table audit_erasures enable row level security, force row level security;
create policy audit_erasures_read on audit_erasures for select using (org_id = current_org_id());
create policy audit_erasures_owner on audit_erasures to current_user using (true);
grant select on audit_erasures to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on audit_erasures execute function refuse_in_maintenance();

-- As the owner, and only what is said to be erased.
create policy audit_events_erasing on audit_events for update to current_user using (
  org_id = current_org_id()
  and exists (select from audit_erasures x where x.org_id = audit_events.org_id and x.event_id = audit_events.id)
);
