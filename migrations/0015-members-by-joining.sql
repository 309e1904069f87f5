-- brownie: no-transaction
-- The list of a team's members, the latest first.

create index concurrently if not exists team_memberships_list_idx
  on team_memberships (org_id, team_id, created_at desc, user_id desc);
