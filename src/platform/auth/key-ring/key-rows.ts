import type pg from 'pg';

/** How far a key is in its life: accepted but not used yet; signs; accepted still; refused. */
export type KeyStatus = 'next' | 'current' | 'previous' | 'retired';

/** A key as the database has it. */
export interface KeyRow {
  readonly kid: string;
  readonly status: KeyStatus;
  /** Fingerprint of the secret that this key is, or that brought it where it is a pair; null for keys that were made by command. */
  readonly configuredSecret: string | null;
  /** Encrypted key by fingerprint of the secret that opens it. */
  readonly wrapped: Readonly<Record<string, string>>;
  readonly stagedAt: string;
  /** Since it has had its status, by the database's clock. */
  readonly seconds: number;
}

/** What runs statements: a pool or a client. */
export type Sender = Pick<pg.ClientBase, 'query'>;

const columns = `kid, status, configured_secret as "configuredSecret", wrapped,
  to_char(staged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "stagedAt",
  extract(epoch from now() - coalesce(retired_at, demoted_at, promoted_at, staged_at))::float8 as seconds`;

/** Keys that are not retired. */
export async function liveKeys(sender: Sender): Promise<KeyRow[]> {
  const { rows } = await sender.query<KeyRow>(
    `select ${columns} from jwt_keys where status <> 'retired' order by staged_at desc, kid`,
  );
  return rows;
}

/** Every key there ever was, the newest first. */
export async function allKeys(sender: Sender): Promise<KeyRow[]> {
  const { rows } = await sender.query<KeyRow>(`select ${columns} from jwt_keys order by staged_at desc, kid`);
  return rows;
}

/** Adds a key. Throws where there is one of this status already. */
export async function insertKey(
  sender: Sender,
  key: Pick<KeyRow, 'kid' | 'configuredSecret' | 'wrapped'> & { readonly status: 'next' | 'current' },
): Promise<void> {
  await sender.query(
    `insert into jwt_keys (kid, status, configured_secret, wrapped, promoted_at)
     values ($1, $2, $3, $4, case when $2 = 'current' then now() end)`,
    [key.kid, key.status, key.configuredSecret, JSON.stringify(key.wrapped)],
  );
}

export async function setWrapped(sender: Sender, kid: string, wrapped: KeyRow['wrapped']): Promise<void> {
  await sender.query('update jwt_keys set wrapped = $2 where kid = $1', [kid, JSON.stringify(wrapped)]);
}

/** The key that is next signs from now on; the one that did is accepted still. */
export async function promoteNext(sender: Sender): Promise<void> {
  await sender.query(`update jwt_keys set status = 'previous', demoted_at = now() where status = 'current'`);
  await sender.query(`update jwt_keys set status = 'current', promoted_at = now() where status = 'next'`);
}

/** Refuses keys from now on and destroys them: those of `statuses` that have had theirs so long. Returns how many. */
export async function retireKeys(
  sender: Sender,
  statuses: readonly KeyStatus[],
  secondsMin = 0,
): Promise<number> {
  const { rowCount } = await sender.query(
    `update jwt_keys set status = 'retired', retired_at = now(), wrapped = '{}'
     where status = any($1) and extract(epoch from now() - coalesce(demoted_at, promoted_at, staged_at)) >= $2`,
    [statuses, secondsMin],
  );
  return rowCount ?? 0;
}

/** Notes that a secret has a successor, which has none. */
export async function supersede(sender: Sender, old: string, successor: string): Promise<void> {
  await sender.query('insert into jwt_superseded_secrets (fingerprint) values ($1) on conflict do nothing', [
    old,
  ]);
  await sender.query('delete from jwt_superseded_secrets where fingerprint = $1', [successor]);
}

/** Secrets that have had a successor so long open no key any more. */
export async function forgetSuperseded(sender: Sender, secondsMin: number): Promise<void> {
  // @NOTE never the last one that opens a key.
  await sender.query(
    `with old as (
       select coalesce(array_agg(fingerprint), '{}') as secrets from jwt_superseded_secrets
       where extract(epoch from now() - superseded_at) >= $1
     )
     update jwt_keys set wrapped = wrapped - old.secrets from old
     where wrapped ?| old.secrets and wrapped - old.secrets <> '{}'`,
    [secondsMin],
  );
  await sender.query(
    `with old as (
       select coalesce(array_agg(fingerprint), '{}') as secrets from jwt_superseded_secrets
       where extract(epoch from now() - superseded_at) >= $1
     )
     update data_keys set wrapped = wrapped - old.secrets from old
     where wrapped ?| old.secrets and wrapped - old.secrets <> '{}'`,
    [secondsMin],
  );
}

/** Changes keys in one transaction, one at a time over all instances and commands. */
export async function changeKeys<Result>(
  client: Sender,
  work: (sender: Sender) => Promise<Result>,
): Promise<Result> {
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(hashtextextended('brownie jwt keys', 0))`);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
