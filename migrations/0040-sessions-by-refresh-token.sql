-- brownie: no-transaction
-- A refresh token names its session by the half that does not change.

create unique index concurrently if not exists sessions_refresh_family_idx on sessions (refresh_family)
  where refresh_family is not null;
