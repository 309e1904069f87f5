-- brownie: no-transaction
-- The incidents of a team in the order in which they changed, for who keeps a copy of them.

create index concurrently if not exists incidents_updated_idx on incidents (org_id, team_id, updated_at desc, id desc);
