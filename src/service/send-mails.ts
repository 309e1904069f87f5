import type { Database } from '../platform/database/database.ts';
import { MailOutbox } from '../platform/mail/mail-outbox.ts';
import type { MailSeal } from '../platform/mail/mail-seal.ts';
import { type MailEvent, MailSender } from '../platform/mail/mail-sender.ts';
import { createMailTransport, type SmtpOptions } from '../platform/mail/mail-transport.ts';
import type { Logger } from '../platform/observability/logger.ts';
import type { Metrics } from '../platform/observability/metrics.ts';

export interface MailOptions {
  readonly seal: MailSeal;
  /** Without it mails wait for the operator, and expire. */
  readonly smtp?: SmtpOptions | undefined;
  /** The page that links in mails lead to. */
  readonly linkUrl?: string | undefined;
  readonly everyMs?: number;
}

export interface SendMailsOptions extends MailOptions {
  readonly db: Database;
  readonly metrics: Pick<Metrics, 'mailDelivered'>;
  readonly logger: Logger;
}

const words: Readonly<Record<MailEvent['result'], string>> = {
  sent: 'mail was sent',
  failed: 'mail could not be sent; it is tried again until it expires',
  refused: 'mail was not sent: the mail server knows no such mailbox',
  expired: 'mail was not sent while it was of use',
  unreadable: 'mail cannot be sent: it was sealed under another METADATA_JWT_SECRET',
};

const name = 'brownie.mail';

/** Sends what is in the outbox, where there is a mail server; says at once whether that can be used. Ends with what is being sent. */
export function sendMails(options: SendMailsOptions): AsyncDisposable {
  const { smtp, db, seal, everyMs, metrics, logger } = options;
  if (smtp === undefined) {
    return { [Symbol.asyncDispose]: async () => undefined };
  }
  const transport = createMailTransport(smtp);
  transport.verify().then(
    () => logger.info({ logger: name }, 'the mail server takes our mails'),
    (error: Error) =>
      logger.error(
        { logger: name, reason: error.message },
        'the mail server cannot be used; mails wait until it can',
      ),
  );
  return new MailSender({
    db,
    outbox: new MailOutbox(seal),
    transport,
    ...(everyMs === undefined ? {} : { everyMs }),
    onMail(event) {
      const { id: mail, kind, result, reason } = event;
      metrics.mailDelivered(result);
      logger[result === 'sent' ? 'info' : 'warn'](
        { logger: name, mail, kind, result, reason },
        words[result],
      );
    },
    onError: (error) => logger.debug({ logger: name, error }, 'the mails that wait could not be looked at'),
  });
}
