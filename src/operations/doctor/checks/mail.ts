import { createMailTransport } from '../../../platform/mail/mail-transport.ts';
import { type Check, ok, warning } from '../check.ts';

export const mailConnection: Check = {
  id: 'mail.connection',
  runbook: 'docs/runbooks/MailFailing.md',
  async look({ config: { mail } }) {
    const { smtp } = mail;
    if (smtp === undefined) {
      return ok('No mail server is configured: the operator hands mails on');
    }
    const { host, port } = smtp;
    try {
      await createMailTransport(smtp).verify();
      return ok(`The mail server at ${host}:${port} takes our mails`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return warning({
        finding: `The mail server at ${host}:${port} ${meaningOf(reason)}`,
        evidence: [reason],
        remedy:
          'correct the METADATA_SMTP_HOST and what follows it, then start the service again: brownie config',
      });
    }
  },
};

/** What the codes of nodemailer mean. */
function meaningOf(reason: string): string {
  const meanings = [
    [/EAUTH/, 'refuses user and password'],
    [/ECONNREFUSED/, 'does not listen there'],
    [/EDNS|ENOTFOUND/, 'cannot be found by its name'],
    [/ETIMEDOUT/, 'does not answer'],
    [/ETLS|CERT|SSL/i, 'offers no TLS that can be trusted'],
  ] as const;
  return meanings.find(([code]) => code.test(reason))?.[1] ?? 'cannot be used';
}
