import { hostname, userInfo } from 'node:os';

/** What runs statements: a pool, a client. */
interface Sender {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Who did something to the service as a whole. */
export interface Operator {
  /** `ada@db1`, `operator at 10.0.0.7`; 255 characters at most. */
  readonly actor: string;
  /** Of the request by which it was done. */
  readonly requestId?: string;
}

export type OperatorAction =
  | 'maintenance.started'
  | 'maintenance.changed'
  | 'maintenance.ended'
  | 'instance.drained'
  | 'instance.undrained'
  | 'configuration.reloaded'
  | 'schema.migrated'
  | 'demo.filled'
  | 'demo.passwords_reset'
  | 'backup.succeeded'
  | 'backup.restored'
  | 'backup.archive_whole'
  | 'credentials.ended'
  | 'mail.shown'
  | 'keys.staged'
  | 'keys.promoted'
  | 'keys.retired'
  | 'keys.revoked';

/** Whoever runs a command on this machine: `ada@db1`. */
export const operatorHere = (): Operator => ({ actor: `${userInfo().username}@${hostname()}`.slice(0, 255) });

/** Keeps what an operator did, beside the audit trails of tenants. */
export async function insertOperatorEvent(
  sender: Sender,
  { actor, requestId }: Operator,
  action: OperatorAction,
  details: object,
): Promise<void> {
  await sender.query(
    // @NOTE not the start of the transaction, which may have waited for another operator's.
    `insert into operator_events (occurred_at, actor, action, details, request_id)
     values (clock_timestamp(), $1, $2, $3, $4)`,
    [actor, action, JSON.stringify(details), requestId ?? null],
  );
}
