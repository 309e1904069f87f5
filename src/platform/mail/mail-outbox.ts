import { type Static, Type } from 'typebox';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import type { Transaction } from '../database/transaction.ts';
import { oneOf } from '../schemas/common-schemas.ts';
import { type Mail, type MailKind, mailKinds } from './mail.ts';
import type { MailSeal } from './mail-seal.ts';

const WaitingMail = Type.Object({
  org_id: Type.String(),
  id: Type.String(),
  kind: oneOf(mailKinds),
  message: Type.String(),
  attempts: Type.Integer(),
  created_at: Type.String(),
  expires_at: Type.String(),
});
export type WaitingMail = Static<typeof WaitingMail>;

const columns = sql`org_id, id, kind, message, attempts, created_at, expires_at`;

export interface NewMail extends Mail {
  readonly kind: MailKind;
  /** How long it is of use: it is not sent later than that. */
  readonly lifetimeSeconds: number;
}

/** Mails that are to be sent, kept with the change that they tell of: docs/adr/0039-mails.md. */
export class MailOutbox {
  readonly #seal: MailSeal;

  constructor(seal: MailSeal) {
    this.#seal = seal;
  }

  /** Puts a mail in, which is sent once the transaction has committed, and not before. The transaction is in the scope of the organization. */
  put(tx: Transaction, orgId: string, { kind, lifetimeSeconds, ...mail }: NewMail): void {
    const id = uuidv7();
    tx.later(
      sql`insert into mails (org_id, id, kind, message, expires_at)
          values (${orgId}, ${id}, ${kind}, ${this.#seal.seal(JSON.stringify(mail), id)},
                  now() + make_interval(secs => ${lifetimeSeconds}))`,
    );
  }

  /** What is in a mail; undefined where it cannot be opened any more. */
  open({ id, message }: Pick<WaitingMail, 'id' | 'message'>): Mail | undefined {
    const text = this.#seal.open(message, id);
    return text === undefined ? undefined : (JSON.parse(text) as Mail);
  }
}

/** @NOTE the door of row-level security to the mails of all organizations, for this transaction alone. */
const delivering = <Result>(db: Database, work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
  db.transaction({}, async (tx) => {
    await tx.run(sql`select set_config('app.delivery', 'yes', true)`);
    return await work(tx);
  });

/** Mails that wait, the oldest first; `most` of them. */
export const waitingMails = (db: Database, most: number): Promise<WaitingMail[]> =>
  delivering(db, (tx) =>
    tx.many(
      WaitingMail,
      sql`select ${columns} from mails where expires_at > now() order by created_at, id limit ${most}`,
    ),
  );

/**
 * Takes mails that are due, so that no other instance sends them: each is due again after a minute, then after two, four, and so on up to 15, unless
 * it is removed before. So one whose instance was killed over it is sent by another.
 */
export const takeDueMails = (db: Database, most: number): Promise<WaitingMail[]> =>
  delivering(db, (tx) =>
    tx.many(
      WaitingMail,
      sql`update mails set attempts = attempts + 1,
            due_at = now() + least(900, 60 * power(2, least(attempts, 10))) * interval '1 second'
          where (org_id, id) in (
            select org_id, id from mails where due_at <= now() and expires_at > now()
            order by due_at limit ${most} for update skip locked
          ) returning ${columns}`,
    ),
  );

export const removeMail = (
  db: Database,
  { org_id, id }: Pick<WaitingMail, 'org_id' | 'id'>,
): Promise<number> =>
  delivering(db, (tx) => tx.run(sql`delete from mails where org_id = ${org_id} and id = ${id}`));

/** Removes mails that are of no use any more; answers how many. */
export const removeExpiredMails = (db: Database): Promise<number> =>
  delivering(db, (tx) =>
    tx.run(
      sql`delete from mails where (org_id, id) in (
            select org_id, id from mails where expires_at <= now() order by expires_at limit 200 for update skip locked
          )`,
    ),
  );
