-- brownie: no-transaction
-- brownie: statement_timeout=24h
-- The index that lists are searched by. Its list of what is still to be sorted in is short: every search reads all of it.

create index concurrently if not exists search_entries_keys_idx on search_entries
  using gin (keys, value gin_trgm_ops) with (fastupdate = on, gin_pending_list_limit = 64);
