-- brownie: no-transaction
-- What somebody has still to do, the latest first: whoever has closed thousands of incidents need not have them all read.

create index concurrently if not exists incidents_assignee_status_idx on incidents
  (org_id, team_id, assigned_to, status, created_at desc, id desc) where deleted_at is null and assigned_to is not null;
