/** What mails are for. */
export const mailKinds = ['password_reset', 'email_verification', 'invitation'] as const;
export type MailKind = (typeof mailKinds)[number];

/** A mail to one person: plain text, which needs no eye on what names of organizations could do in HTML. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/**
 * A name that somebody chose, as it may stand in a mail to somebody else: no address in it becomes a link, and nothing of it looks like our own
 * words on a line of their own.
 */
export const nameInMail = (name: string): string =>
  name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N} '&_-]+/gu, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .slice(0, 100);
