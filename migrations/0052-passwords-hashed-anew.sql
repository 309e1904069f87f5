-- A password that is hashed anew, with the parameters that are configured by now, is the same password: nobody's sessions end with it, and what
-- was counted against the account is not forgotten. See docs/adr/0034-brute-force.md.

-- What it says holds while `rehash_password` is at work, and nowhere else.
create or replace function end_sessions() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
begin
  if current_setting('app.is_same_password', true) = 'on' then
    return new;
  end if;
  new.session_generation := old.session_generation + 1;
  return new;
end
$$;

create or replace function forget_login_failures_of_user() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
begin
  if current_setting('app.is_same_password', true) = 'on' then
    return null;
  end if;
  delete from login_attempts where bucket = login_bucket('account', new.email, '');
  return null;
end
$$;

-- True where the hash was still the one that the password was compared with: whoever set another password meanwhile keeps it.
create function rehash_password(account uuid, old_hash text, new_hash text) returns boolean
  language plpgsql set search_path = public, pg_temp
as $$
declare
  is_done boolean;
begin
  perform set_config('app.is_same_password', 'on', true);
  update users set password_hash = new_hash where id = account and password_hash = old_hash;
  is_done := found;
  perform set_config('app.is_same_password', '', true);
  return is_done;
end
$$;
