-- brownie: no-transaction
-- The list of incidents with the deleted among them: the indexes of 0002 hold the one kind or the other, and so do not
-- serve a list of both, which read all incidents of all tenants.

create index concurrently if not exists incidents_with_deleted_idx on incidents (org_id, team_id, created_at desc, id desc);
