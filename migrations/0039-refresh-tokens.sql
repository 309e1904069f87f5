-- What a session is gone on with when its access token has expired: docs/adr/0033-sessions.md. Of a refresh token, two secrets of 256 bits, the
-- database has SHA-256 alone. Sessions that older releases begin have none.

-- Of the half that all tokens of a session have: whoever shows it has held one of them.
alter table sessions add column refresh_family bytea;
-- Of the half that each refresh makes anew; of the one before, and what the present one follows from it with, for a reply that was lost.
alter table sessions add column refresh_hash bytea;
alter table sessions add column refresh_previous bytea;
alter table sessions add column refresh_nonce bytea;
alter table sessions add column refreshed_at timestamptz(3);

create function current_refresh_family() returns bytea
  language sql stable parallel safe
  return decode(nullif(current_setting('app.refresh_family', true), ''), 'hex');

-- Beside their user's door, one for whoever shows a refresh token: it says whose session it is.
create policy sessions_of_the_token on sessions for select using (refresh_family = current_refresh_family());
grant update (refresh_hash, refresh_previous, refresh_nonce, refreshed_at, expires_at) on sessions to brownie_app;

-- `brownie jwt revoke-all` ends every session with the keys that signed for them.
create policy sessions_revoke on sessions for delete to current_user using (true);
