import pg from 'pg';
import { insertOperatorEvent, type OperatorAction, operatorHere } from '../platform/operator-events/index.ts';

/** Keeps what a command did that has no transaction of its own to keep it in. Rejects with pg's error. */
export async function noteOperatorEvent(
  ownerDsn: string,
  action: OperatorAction,
  details: object,
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerDsn });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await insertOperatorEvent(client, operatorHere(), action, details);
  } finally {
    await client.end();
  }
}
