import { bad, flag, good, type Kind, oneOf, quote, text, wholeNumber } from './kinds.ts';
import { listenHost } from './network-kinds.ts';
import { secretText } from './secret-kinds.ts';
import { optionalSetting, setting } from './setting.ts';
import { pageUrl } from './url-kinds.ts';

const section = 'mail';

/** How the way to the mail server is encrypted. */
export const smtpTls = ['starttls', 'implicit', 'none'] as const;

export const mailSettings = {
  smtpHost: optionalSetting(listenHost(), {
    name: 'METADATA_SMTP_HOST',
    section,
    absent: 'not set: no mail is sent',
    description:
      'The mail server that the service hands its mails to: links for new passwords, to prove an address, invitations. Without one they wait until they ' +
      'expire, and the operator reads them with `brownie mail`.',
    example: 'smtp.example.com',
  }),
  smtpPort: setting(wholeNumber({ min: 1, max: 65_535 }), {
    name: 'METADATA_SMTP_PORT',
    section,
    default: 587,
    description: 'Its port: 587 for `starttls`, 465 for `implicit`.',
    example: '465',
  }),
  smtpTls: setting(oneOf(smtpTls), {
    name: 'METADATA_SMTP_TLS',
    section,
    default: 'starttls',
    description:
      'TLS begun by STARTTLS, and no mail without it; TLS from the first byte on (`implicit`); or `none`. An authority of your own goes into ' +
      '`NODE_EXTRA_CA_CERTS`.',
    example: 'implicit',
  }),
  smtpPlaintextAllowed: setting(flag(), {
    name: 'METADATA_SMTP_ALLOW_PLAINTEXT',
    section,
    default: false,
    description:
      'Whether production may reach a mail server on another machine without TLS (`METADATA_SMTP_TLS=none`): where something else encrypts the way ' +
      'to it. Otherwise it does not start.',
    example: 'true',
  }),
  smtpUser: optionalSetting(text('any text'), {
    name: 'METADATA_SMTP_USER',
    section,
    absent: 'not set: nobody logs in there',
    description: 'Who logs in there, with METADATA_SMTP_PASSWORD: both, or neither.',
    example: 'brownie',
  }),
  smtpPassword: optionalSetting(secretText('text'), {
    name: 'METADATA_SMTP_PASSWORD',
    section,
    absent: 'not set',
    description: 'The password of METADATA_SMTP_USER.',
    example: '"$(cat smtp-password)"',
  }),
  smtpFrom: optionalSetting(mailbox(), {
    name: 'METADATA_SMTP_FROM',
    section,
    absent: 'not set',
    description: 'Whom mails are from. It is needed with METADATA_SMTP_HOST.',
    example: 'Brownie <brownie@example.com>',
  }),
  mailLinkUrl: optionalSetting(pageUrl('https://app.example.com/account'), {
    name: 'METADATA_MAIL_LINK_URL',
    section,
    absent: 'not set: mails hold the token by itself',
    description:
      'A page of yours that mails lead to. What it is to do and the token follow as the fragment, which no server sees: `#password-reset=…`, ' +
      '`#email-verification=…`, `#invitation=…`; it hands the token to the API in a body.',
    example: 'https://app.example.com/account',
  }),
};

/** One address, with or without the name before it: RFC 5322, 3.4, as far as people write it. */
function mailbox(): Kind<string> {
  return {
    expects: 'e-mail address, with a name before it or without',
    secret: false,
    parse: (raw) =>
      /^(?:[^<>@,;:\\"\p{Cc}]+ <[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/u.test(raw.trim())
        ? good(raw.trim())
        : bad(`${quote(raw)} is no e-mail address; write it like Brownie <brownie@example.com>`),
    format: (value) => value,
  };
}
