-- brownie: no-transaction
-- The list of agent configurations with the deleted among them, as 0009 for incidents.

create index concurrently if not exists agent_configs_with_deleted_idx
  on agent_configs (org_id, team_id, created_at desc, id desc);
