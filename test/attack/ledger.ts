import type pg from 'pg';
import type { Answer } from './attack-client.ts';

/** Tables that change without an entry in the audit trail, and why. */
const unaudited: Readonly<Record<string, string>> = {
  access_changes: 'tells instances whose access changed',
  audit_chains: 'is made of the trail',
  audit_links: 'is made of the trail',
  credential_epoch: 'is the operator’s',
  idempotency_keys: 'replies that are kept for a day',
  login_attempts: 'counts attempts',
  mail_tokens: 'waits for whoever reads a mail',
  mails: 'waits to be sent',
  oidc_logins: 'waits for a provider',
  passkey_challenges: 'waits for an authenticator',
  search_backlog: 'is made of other rows',
  search_entries: 'is made of other rows',
  sessions: 'is a person’s, and ends by itself',
};

/** Operations that change nothing, in the world of the attack, that an entry would tell of; and why. */
const withoutEntry: Readonly<Record<string, string>> = {
  beginPasskeyLogin: 'nobody has said yet who logs in',
  challengePasskey: 'asks, and changes nothing',
  forgotPassword: 'its example is an address that nobody has',
  resolveConfigs: 'it says what is in effect, and changes nothing',
  scimPatchGroup: 'its example takes out of the group who is not in it',
};

/** Entries that are written of what did not come to pass. */
const ofRefusals = [
  'access.refused',
  'session.reused',
  'user.login_failed',
  'user.passkey_copied',
  'user.second_factor_failed',
];

/**
 * Notes which rows each transaction of the service wrote, and which entries of the audit trail; for a database of its own. @NOTE when a key
 * was used, and that a person ended all their sessions, is no change of this kind: their columns are left out.
 */
export class Ledger {
  readonly #superuser: pg.Pool;
  readonly #refused = new Set<string>();
  /** The operation of each request that made a change. */
  readonly #made = new Map<string, string>();

  private constructor(superuser: pg.Pool) {
    this.#superuser = superuser;
  }

  static async open(superuser: pg.Pool): Promise<Ledger> {
    await superuser.query(`
      create schema attack;
      create unlogged table attack.written (tx xid8, name text, action text, request_id text);
      create function attack.note() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
      declare row jsonb := to_jsonb(coalesce(new, old));
      begin
        if session_user <> (select rolname from pg_roles where oid = 10) then
          insert into attack.written values (pg_current_xact_id(), tg_table_name, row ->> 'action', row ->> 'request_id');
        end if;
        return null;
      end $$;
      do $$ declare t record; begin
        for t in select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                   and not relispartition loop
          execute format('create trigger attack_rows after insert or delete on public.%I for each row execute function attack.note()', t.relname);
          execute format($w$create trigger attack_changes after update on public.%I for each row
            when (to_jsonb(new) - '{last_used_at,last_used_address,session_generation}'::text[] is distinct from to_jsonb(old) - '{last_used_at,last_used_address,session_generation}'::text[])
            execute function attack.note()$w$, t.relname);
        end loop;
      end $$`);
    return new Ledger(superuser);
  }

  /** Keeps that a change was refused, of which nothing may be found later; and that one was made, of which an entry must be found. */
  answered({ status, headers }: Answer, operationId: string | undefined): void {
    const id = headers.get('x-request-id');
    if (status >= 400 && id !== null) {
      this.#refused.add(id);
    }
    if (status < 300 && id !== null && operationId !== undefined && this.isTold(operationId)) {
      this.#made.set(id, operationId);
    }
  }

  /** Whether an entry tells of what an operation does. */
  isTold = (operationId: string): boolean => withoutEntry[operationId] === undefined;

  /** The operations that made a change of which an entry must be found. */
  get made(): readonly string[] {
    return [...this.#made.values()].toSorted();
  }

  /** Changes that no entry tells of, and entries of changes that were refused. */
  async faults(): Promise<readonly string[]> {
    const { rows: silent } = await this.#superuser.query<{ name: string; transactions: string }>(
      `select name, count(distinct tx) as transactions from attack.written w
       where name <> all($1) and name <> 'audit_events'
         and not exists (select from attack.written a where a.tx = w.tx and a.name = 'audit_events') group by name`,
      [Object.keys(unaudited)],
    );
    const { rows: told } = await this.#superuser.query<{ request_id: string; action: string }>(
      `select distinct request_id, action from attack.written
       where name = 'audit_events' and request_id is not null and action <> all($1)`,
      [ofRefusals],
    );
    const { rows: entered } = await this.#superuser.query<{ id: string }>(
      `select distinct request_id as id from attack.written where name = 'audit_events' and request_id is not null`,
    );
    const found = new Set(entered.map(({ id }) => id));
    return [
      ...[...this.#made]
        .filter(([id]) => !found.has(id))
        .map(([, operationId]) => `${operationId} was done, and no entry of the audit trail tells of it`),
      ...silent.map(
        ({ name, transactions }) =>
          `${transactions} transactions changed ${name} without an entry in the audit trail; where that is right, say why in test/attack/ledger.ts`,
      ),
      ...told
        .filter(({ request_id: id }) => this.#refused.has(id))
        .map(({ request_id: id, action }) => `the trail has ${action} of request ${id}, which was refused`),
    ];
  }

  /** How many changes were followed. */
  async size(): Promise<number> {
    const { rows } = await this.#superuser.query<{ n: string }>(
      'select count(distinct tx) as n from attack.written',
    );
    return Number(rows[0]?.n);
  }
}
