import type { Database } from '../database/database.ts';
import { ApiError } from '../errors/api-error.ts';
import type { MailKind } from './mail.ts';
import {
  type MailOutbox,
  removeExpiredMails,
  removeMail,
  takeDueMails,
  type WaitingMail,
} from './mail-outbox.ts';
import type { MailTransport } from './mail-transport.ts';

/** What became of a mail at one attempt; `unreadable`: it was sealed under a secret that is none any more. */
export type MailResult = 'sent' | 'failed' | 'refused' | 'expired' | 'unreadable';

export interface MailEvent {
  readonly id?: string;
  readonly kind?: MailKind;
  readonly result: MailResult;
  /** Why, in codes: never an address, or what a server said. */
  readonly reason?: string;
}

export interface MailSenderOptions {
  readonly db: Database;
  readonly outbox: MailOutbox;
  readonly transport: MailTransport;
  readonly onMail: (event: MailEvent) => void;
  /** Told where the mails that are due cannot be read. */
  readonly onError: (error: unknown) => void;
  /** How often the outbox is looked at. */
  readonly everyMs?: number;
}

/** @NOTE as many as are sent well within the minute for which they are taken. */
const atOnce = 5;
/** How many looks at the outbox go by between two at what has expired. */
const looksPerSweep = 15;

/** Sends what is in the outbox. Each instance has one; a mail is taken by one of them at a time. */
export class MailSender implements AsyncDisposable {
  readonly #options: MailSenderOptions;
  readonly #timer: NodeJS.Timeout;
  #underWay: Promise<void> | undefined;
  #isStopped = false;
  #looks = 0;

  constructor(options: MailSenderOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), options.everyMs ?? 2_000);
    this.#timer.unref();
  }

  /** Ends once the mails that are being sent are. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#underWay;
  }

  #look(): void {
    this.#underWay ??= this.#deliver()
      .catch((error: unknown) => {
        // @NOTE mails wait for the end of maintenance, in which nothing changes.
        if (!(error instanceof ApiError && error.code === 'service.maintenance')) {
          this.#options.onError(error);
        }
      })
      .finally(() => {
        this.#underWay = undefined;
      });
  }

  async #deliver(): Promise<void> {
    const { db, onMail } = this.#options;
    for (let taken = atOnce; taken === atOnce && !this.#isStopped; ) {
      const mails = await takeDueMails(db, atOnce);
      await Promise.all(mails.map((mail) => this.#send(mail)));
      taken = mails.length;
    }
    const expired = this.#looks % looksPerSweep === 0 ? await removeExpiredMails(db) : 0;
    this.#looks += 1;
    for (let n = 0; n < expired; n += 1) {
      onMail({ result: 'expired' });
    }
  }

  async #send(waiting: WaitingMail): Promise<void> {
    const { db, outbox, transport, onMail } = this.#options;
    const { id, kind } = waiting;
    const mail = outbox.open(waiting);
    const delivery =
      mail === undefined ? ({ result: 'unreadable' } as const) : await transport.send(mail, id);
    onMail({ id, kind, ...delivery });
    if (delivery.result === 'sent' || delivery.result === 'refused') {
      await removeMail(db, waiting);
    }
  }
}
