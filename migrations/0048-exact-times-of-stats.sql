-- When a value was measured, where that was sent in microseconds. Lists are sorted by "timestamp", which keeps the milliseconds of it.
alter table stats add column measured_at timestamptz;
