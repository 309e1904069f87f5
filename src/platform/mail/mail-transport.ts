import { createTransport } from 'nodemailer';
import { version } from '../system/version.ts';
import type { Mail } from './mail.ts';

/** How the connection to the mail server is encrypted: by STARTTLS, from the first byte on, or not at all. */
export const smtpTls = ['starttls', 'implicit', 'none'] as const;

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: (typeof smtpTls)[number];
  /** Without one nobody logs in. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
  /** `Brownie <brownie@example.com>` */
  readonly from: string;
}

/** What became of a mail. `refused`: there is no such mailbox, and never will be by trying again. */
export type Delivery =
  | { readonly result: 'sent' }
  | { readonly result: 'refused' | 'failed'; readonly reason: string };

export interface MailTransport {
  /** Never rejects. @param id names the mail: one that is sent twice is known by it */
  send(mail: Mail, id: string): Promise<Delivery>;
  /** Whether the server takes our connection and login; rejects with why not. */
  verify(): Promise<void>;
}

const timeoutMs = 10_000;

/** Sends by SMTP, a connection for each mail. With TLS the certificate must be good: authorities of one's own go into NODE_EXTRA_CA_CERTS. */
export function createMailTransport({ host, port, tls, login, from }: SmtpOptions): MailTransport {
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.2' },
    ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([^\s>@]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  return {
    async send({ to, subject, text }, id) {
      try {
        await transport.sendMail({
          from,
          // @NOTE as an object, so that no comma or bracket in it makes two addresses of one.
          to: { name: '', address: to },
          subject,
          text,
          // @NOTE plain lines are folded, and links with them.
          textEncoding: 'quoted-printable',
          messageId: `<${id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Mailer': `Brownie Metadata API ${version}` },
        });
        return { result: 'sent' };
      } catch (error) {
        return faultOf(error);
      }
    },
    async verify() {
      await transport.verify().catch((error: unknown) => {
        throw new Error(reasonOf(error));
      });
    },
  };
}

interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly permanent?: boolean;
  readonly originalCode?: string;
}

function faultOf(error: unknown): Delivery {
  const { code, command, permanent } = error as SmtpError;
  const isRefused =
    code === 'EENVELOPE' && (command === 'RCPT TO' || command === 'API') && permanent !== false;
  return { result: isRefused ? 'refused' : 'failed', reason: reasonOf(error) };
}

/** @NOTE never the message of the error: servers answer with the address, and with what else they were told. */
const reasonOf = (error: unknown): string => {
  const { code = 'unknown', originalCode, command, responseCode } = error as SmtpError;
  return [code, originalCode, command === 'CONN' ? undefined : command, responseCode]
    .filter((part) => part !== undefined)
    .join(' ');
};
