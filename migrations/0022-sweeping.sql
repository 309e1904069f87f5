-- Kept replies and sessions that have expired are removed by time, on whichever instance comes first: a user who never comes back removes none.

create index sessions_expiry_idx on sessions (expires_at);

-- A door to what has expired, for the transaction that names it (app.sweep). The service names it nowhere else.
create function is_sweeping() returns boolean
  language sql stable parallel safe
  return coalesce(current_setting('app.sweep', true), '') = 'yes';

create policy idempotency_keys_expired on idempotency_keys for select using (is_sweeping() and expires_at <= now());
-- Not to be changed: rows are locked by it, so that two instances do not wait for one another.
create policy idempotency_keys_lock on idempotency_keys for update using (is_sweeping() and expires_at <= now()) with check (false);
create policy idempotency_keys_sweep on idempotency_keys for delete using (is_sweeping() and expires_at <= now());
create policy sessions_expired on sessions for select using (is_sweeping() and expires_at <= now());
create policy sessions_lock on sessions for update using (is_sweeping() and expires_at <= now()) with check (false);
create policy sessions_sweep on sessions for delete using (is_sweeping() and expires_at <= now());
