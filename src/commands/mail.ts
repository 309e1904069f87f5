import pg from 'pg';
import type { Config } from '../config/index.ts';
import type { Database } from '../platform/database/database.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import type { Mail } from '../platform/mail/mail.ts';
import { MailOutbox, type WaitingMail, waitingMails } from '../platform/mail/mail-outbox.ts';
import { MailSeal } from '../platform/mail/mail-seal.ts';
import { insertOperatorEvent, operatorHere } from '../platform/operator-events/index.ts';
import { commandConfig, requiredSecret } from './command-config.ts';
import { openMigratedDatabase } from './open-database.ts';
import { openSession } from './open-session.ts';
import { report } from './outcome.ts';

interface MailOptions {
  readonly json?: boolean;
}

const most = 1_000;

/** Shows the mails that wait, without what they say. */
export async function listMails(options: MailOptions): Promise<void> {
  await within(async ({ db, open }) => {
    const mails = (await waitingMails(db, most)).map((waiting) => {
      const { id, kind, attempts, created_at: createdAt, expires_at: expiresAt } = waiting;
      return { id, kind, to: open(waiting)?.to ?? null, attempts, createdAt, expiresAt };
    });
    const lines = mails.map(
      ({ id, kind, to, attempts, expiresAt }) =>
        `${id}  ${kind.padEnd(18)}  until ${expiresAt}  ${attempts} attempts  ${to ?? '(sealed under another METADATA_JWT_SECRET)'}\n`,
    );
    const text = mails.length === 0 ? 'No mails wait.\n' : lines.join('');
    report({ exitCode: 0, text, json: { mails } }, options);
  });
}

/** Prints a mail that waits, with the token in it, and leaves a row in operator_events. */
export async function showMail(id: string, options: MailOptions): Promise<void> {
  await within(async ({ db, open, ownerDsn }) => {
    const waiting = (await waitingMails(db, most)).find((each) => each.id === id.toLowerCase());
    if (waiting === undefined) {
      throw new OperationError(`No mail ${id} waits: it was sent, or has expired. See brownie mail list`);
    }
    const mail = open(waiting);
    if (mail === undefined) {
      throw new OperationError(
        `The mail ${id} was sealed under another METADATA_JWT_SECRET: run this with the environment of the service`,
      );
    }
    await note(ownerDsn, waiting);
    const { kind, expires_at: expiresAt } = waiting;
    report(
      {
        exitCode: 0,
        text: `To: ${mail.to}\nSubject: ${mail.subject}\n\n${mail.text}`,
        json: { id: waiting.id, kind, expiresAt, ...mail },
      },
      options,
    );
  });
}

interface Means {
  readonly db: Database;
  readonly ownerDsn: string;
  readonly open: (waiting: WaitingMail) => Mail | undefined;
}

async function within(work: (means: Means) => Promise<void>): Promise<void> {
  const config = commandConfig();
  const outbox = new MailOutbox(new MailSeal(secretsOf(config)));
  await using database = await openMigratedDatabase(config);
  const { ownerDsn } = database;
  await using session = openSession({ dsn: ownerDsn, timeoutMs: 10_000 });
  await work({ db: session.db, ownerDsn, open: (waiting) => outbox.open(waiting) });
}

function secretsOf(config: Config): readonly string[] {
  const { previousSecret } = config.jwt;
  return [requiredSecret(config), ...(previousSecret === undefined ? [] : [previousSecret])];
}

async function note(dsn: string, { id, kind }: WaitingMail): Promise<void> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    await insertOperatorEvent(client, operatorHere(), 'mail.shown', { mail: id, kind });
  } finally {
    await client.end();
  }
}
