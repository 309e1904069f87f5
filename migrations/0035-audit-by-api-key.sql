-- brownie: no-transaction
-- What an API key did, the latest first.

create index concurrently if not exists audit_events_api_key_idx on audit_events (org_id, api_key_id, occurred_at desc, id desc)
  where api_key_id is not null;
