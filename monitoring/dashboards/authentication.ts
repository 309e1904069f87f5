import { authenticationFailures, elevatedAuthenticationFailures } from '../alerts/authentication-failures.ts';
import { jwtKeyOverdue } from '../alerts/jwt-key-overdue.ts';
import { mailFailing } from '../alerts/mail-failing.ts';
import { tokenIssuanceSpike } from '../alerts/token-issuance-spike.ts';
import { job, served } from '../selectors.ts';
import type { Dashboard, Row } from './panel.ts';
import { requestRate, responseTime } from './queries.ts';
import { watched, watchedTarget } from './watch.ts';

const login = `${job},endpoint="/api/v1/auth/login"`;
const signup = `${job},endpoint="/api/v1/auth/signup"`;

const failures: Row = {
  title: 'Failures',
  panels: [
    {
      kind: 'graph',
      title: 'Authentication failures',
      description: 'A minute, over all reasons and instances, mean of 5 minutes.',
      unit: 'count per minute',
      targets: [watchedTarget(authenticationFailures, 'failures')],
      watchedBy: [{ alert: authenticationFailures }, { alert: elevatedAuthenticationFailures }],
    },
    {
      kind: 'graph',
      title: 'By reason',
      description:
        'wrong_credentials: somebody guesses. invalid_token: a client that does not log in again. ' +
        'inactive_user: a deactivated account. missing_token: a client that sends none. ' +
        'sso_rejected, sso_unknown_user: single sign-on, see reason in the log.',
      unit: 'count per minute',
      targets: [
        {
          expr: `sum by (reason) (rate(authentication_failures_total{${job}}[5m])) * 60`,
          legend: '{{reason}}',
        },
      ],
      isStacked: true,
    },
    {
      kind: 'graph',
      title: 'Refused by endpoint',
      description:
        '401 not authenticated, 403 not allowed, 429 too many: the ten endpoints with most of them.',
      unit: 'requests per second',
      targets: [
        {
          expr: `topk(10, ${requestRate('method, endpoint, status', `${served},status=~"401|403|429"`)} > 0)`,
          legend: '{{status}} {{method}} {{endpoint}}',
        },
      ],
    },
  ],
};

const tokens: Row = {
  title: 'Tokens and logins',
  panels: [
    {
      kind: 'graph',
      title: 'Tokens issued',
      description: 'TokenIssuanceSpike fires while the first line is above the second.',
      unit: 'requests per second',
      targets: [
        watchedTarget(tokenIssuanceSpike, 'tokens'),
        { expr: watched(tokenIssuanceSpike).right, legend: 'three times the hour before' },
      ],
      watchedBy: [{ alert: tokenIssuanceSpike }],
    },
    {
      kind: 'graph',
      title: 'Mails not sent',
      description:
        'Attempts that failed and mails that expired, within 15 minutes. Somebody waits for each. Without a mail server there are none.',
      unit: 'number',
      targets: [watchedTarget(mailFailing, 'not sent')],
      watchedBy: [{ alert: mailFailing }],
    },
    {
      kind: 'graph',
      title: 'Mails by result',
      description: 'A minute. refused: the mail server knows no such mailbox.',
      unit: 'count per minute',
      targets: [
        { expr: `sum by (result) (rate(mail_deliveries_total{${job}}[5m])) * 60`, legend: '{{result}}' },
      ],
      isStacked: true,
    },
    {
      kind: 'graph',
      title: 'Logins by status',
      description: '200 let in, 401 wrong, 429 too many.',
      unit: 'requests per second',
      targets: [{ expr: requestRate('status', login), legend: '{{status}}' }],
      isStacked: true,
    },
    {
      kind: 'graph',
      title: 'Sign-ups by status',
      description: '200 made an organization, 400 taken, 429 too many from one address.',
      unit: 'requests per second',
      targets: [{ expr: requestRate('status', signup), legend: '{{status}}' }],
      isStacked: true,
    },
    {
      kind: 'number',
      title: 'Age of the key that signs',
      description: 'Rotate it each month: `brownie jwt stage`, then `brownie jwt promote`.',
      unit: 'duration',
      targets: [watchedTarget(jwtKeyOverdue, 'key')],
      watchedBy: [{ alert: jwtKeyOverdue }],
    },
    {
      kind: 'graph',
      title: 'Login time, P95',
      description:
        'Most of it is the password hash, which is slow by design; a queue of logins makes it slower.',
      unit: 'seconds',
      targets: [{ expr: responseTime(0.95, login), legend: 'P95' }],
    },
    {
      kind: 'graph',
      title: 'Password hashes',
      description:
        'Two are computed at once on an instance, 50 wait, what comes beyond that is refused with 503. Many that wait: logins are guessed at, or ' +
        'METADATA_ARGON2_… asks for more than the machine gives.',
      unit: 'number',
      targets: [
        { expr: `sum(password_hashes_running{${job}})`, legend: 'computed' },
        { expr: `sum(password_hashes_waiting{${job}})`, legend: 'waiting' },
        { expr: `sum(increase(password_hashes_refused_total{${job}}[5m]))`, legend: 'refused in 5 minutes' },
      ],
    },
    {
      kind: 'graph',
      title: 'Wait for a password hash, P95',
      description: 'Before a password is looked at.',
      unit: 'seconds',
      targets: [
        {
          expr: `histogram_quantile(0.95, sum by (le) (rate(password_hash_wait_seconds_bucket{${job}}[5m])))`,
          legend: 'P95',
        },
      ],
    },
    {
      kind: 'graph',
      title: 'Passwords hashed anew',
      description:
        'At logins, after METADATA_ARGON2_… was changed. skipped: logins waited, and the next one does it. superseded: another password was set.',
      unit: 'count per minute',
      targets: [
        {
          expr: `sum by (result) (rate(password_rehashes_total{${job}}[5m])) * 60`,
          legend: '{{result}}',
        },
      ],
      isStacked: true,
    },
  ],
};

export const authentication: Dashboard = {
  id: 'authentication',
  title: 'Authentication',
  description:
    'Who could not say who they are, and who was let in. Addresses and accounts are in the access log.',
  rows: [failures, tokens],
};
