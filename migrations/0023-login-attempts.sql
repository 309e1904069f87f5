-- How often passwords were tried, counted by all instances together, before a password is looked at.
--
-- A row is of an account, of the network that tries (an IPv4 address, or 64 bits of an IPv6 one), of both, or says that the account was
-- logged in to from there. Its key is a hash: whoever types a password into the field of the address leaves it nowhere. An account
-- need not exist to be counted. Unlogged: a crash forgets it, and nothing waits for the disk.

create unlogged table login_attempts (
  bucket bytea primary key,
  failures integer not null default 0,
  -- Of an account: since its last login.
  consecutive integer not null default 0,
  blocked_until timestamptz(3),
  expires_at timestamptz(3) not null,
  constraint login_attempts_failures_check check (failures >= 0 and consecutive >= 0)
);
create index login_attempts_expires_idx on login_attempts (expires_at);

alter table login_attempts enable row level security, force row level security;
create policy login_attempts_of_the_service on login_attempts using (true);
grant select, insert, update, delete on login_attempts to brownie_app;

create function login_bucket(kind text, account text, network text) returns bytea
  language sql stable
return sha256(convert_to(kind || e'\n' || email_key(account) || e'\n' || network, 'UTF8'));

-- The row of a bucket, locked until the statement ends; what has expired begins anew.
create function login_attempts_of(key bytea, lasts interval) returns login_attempts
  language plpgsql set search_path = public, pg_temp
as $$
declare
  found login_attempts;
begin
  insert into login_attempts as row (bucket, expires_at) values (key, clock_timestamp() + lasts)
  on conflict (bucket) do update set
    failures = case when row.expires_at <= clock_timestamp() then 0 else row.failures end,
    expires_at = case when row.expires_at <= clock_timestamp() then clock_timestamp() + lasts else row.expires_at end
  returning * into found;
  return found;
end
$$;

-- Takes an attempt, before the password is looked at: how many seconds to wait before another is taken, 0 where this one was.
-- It counts as failed until forget_login_failures says otherwise. Locks are taken in one order: network, account, both.
create function take_login_attempt(account text, network text) returns integer
  language plpgsql set search_path = public, pg_temp
as $$
declare
  of_network login_attempts := login_attempts_of(login_bucket('network', '', network), interval '1 minute');
  of_account login_attempts := login_attempts_of(login_bucket('account', account, ''), interval '15 minutes');
  of_both login_attempts := login_attempts_of(login_bucket('both', account, network), interval '1 day');
  is_known boolean := exists (
    select from login_attempts where bucket = login_bucket('known', account, network) and expires_at > clock_timestamp()
  );
  free integer := 5;
begin
  if of_both.blocked_until > clock_timestamp() then
    return ceil(extract(epoch from of_both.blocked_until - clock_timestamp()));
  end if;
  if of_network.failures >= 120 then
    return greatest(1, ceil(extract(epoch from of_network.expires_at - clock_timestamp())));
  end if;
  if of_account.consecutive >= 100 and not is_known then
    return 900;
  end if;
  if of_account.failures >= 20 and not is_known then
    free := 1;
  end if;
  update login_attempts set failures = failures + 1 where bucket = of_network.bucket;
  update login_attempts set failures = failures + 1, consecutive = consecutive + 1 where bucket = of_account.bucket;
  update login_attempts set failures = failures + 1, expires_at = clock_timestamp() + interval '1 day',
    blocked_until = case when failures + 1 >= free
      then clock_timestamp() + least(900, power(2, least(failures + 1 - free, 10))) * interval '1 second' end
  where bucket = of_both.bucket;
  return 0;
end
$$;

-- A password was right: what was counted there is forgotten, and the network is known for a month.
create function forget_login_failures(account text, network text) returns void
  language plpgsql set search_path = public, pg_temp
as $$
begin
  update login_attempts set failures = greatest(0, failures - 1) where bucket = login_bucket('network', '', network);
  update login_attempts set failures = greatest(0, failures - 1), consecutive = 0 where bucket = login_bucket('account', account, '');
  delete from login_attempts where bucket = login_bucket('both', account, network);
  insert into login_attempts (bucket, expires_at)
  values (login_bucket('known', account, network), clock_timestamp() + interval '30 days')
  on conflict (bucket) do update set expires_at = excluded.expires_at;
end
$$;

-- Whoever is given a new password, by whichever way, begins anew.
create function forget_login_failures_of_user() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
begin
  delete from login_attempts where bucket = login_bucket('account', new.email, '');
  return null;
end
$$;
create trigger forget_login_failures after update of password_hash on users for each row
  when (new.password_hash is distinct from old.password_hash) execute function forget_login_failures_of_user();
