-- What is kept for a while and no longer. Entries of the audit trail are removed from the beginning of their chain on, by the operator alone, up to
-- a checkpoint that stays: docs/adr/0047-retention.md. The service's role removes none, as before.

-- Up to where the entries of an organization were removed. Signed by a key that the database has not: whoever moves `pruned_seq` is found out.
create table audit_prunings (
  org_id uuid primary key,
  seq bigint not null,
  hash bytea not null,
  signed_at timestamptz(3) not null,
  key_id text not null,
  public_key text not null,
  signature text not null,
  constraint audit_prunings_seq_check check (seq > 0),
  constraint audit_prunings_hash_check check (octet_length(hash) = 32)
);
alter table audit_prunings enable row level security, force row level security;
create policy audit_prunings_read on audit_prunings for select using (org_id = current_org_id());
create policy audit_prunings_owner on audit_prunings to current_user using (true);
grant select on audit_prunings to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on audit_prunings execute function refuse_in_maintenance();

-- As the owner, and only what is before the beginning of the chain.
create policy audit_events_pruning on audit_events for delete to current_user using (
  org_id = current_org_id()
  and exists (
    select from audit_links l join audit_chains c on c.org_id = l.org_id
    where l.org_id = audit_events.org_id and l.event_id = audit_events.id and l.seq <= c.pruned_seq
  )
);

-- A table of millions of rows was vacuumed once a fifth of it was dead: by hundredths, the room of what was removed is used again soon, and pages of what was
-- added are soon known to be visible to all.
alter table incidents set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
alter table incident_events set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
alter table stats set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
alter table audit_events set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
alter table audit_links set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
