-- brownie: no-transaction
-- The incidents of a team that somebody works on, the latest first.

create index concurrently if not exists incidents_assignee_idx on incidents (org_id, team_id, assigned_to, created_at desc, id desc)
  where deleted_at is null and assigned_to is not null;
