-- brownie: no-transaction
-- What has expired of kept replies is looked for by time, not by whose it is.

create index concurrently if not exists idempotency_keys_expiry_idx on idempotency_keys (expires_at);
