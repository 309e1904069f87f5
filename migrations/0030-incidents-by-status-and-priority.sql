-- brownie: no-transaction
-- The list of incidents by both at once: where either is frequent and both together are rare, an index of the one reads all of it.

create index concurrently if not exists incidents_status_priority_idx on incidents (org_id, team_id, status, priority, created_at desc, id desc)
  where deleted_at is null;
