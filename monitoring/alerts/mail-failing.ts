import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { counter, type Phase } from '../series.ts';

const of = (result: string, ...phases: readonly Phase[]) => ({
  [`mail_deliveries_total{job="brownie-api",instance="a:8080",result="${result}"}`]: counter(...phases),
});
const forAWhile: readonly Phase[] = [
  [0, 4],
  [1, 10],
  [0, 40],
];
const fails = { series: { ...of('sent', [0, 54]), ...of('failed', ...forAWhile) } };

export const mailFailing: Alert = {
  name: 'MailFailing',
  team: 'infrastructure',
  summary: 'Mails cannot be sent',
  condition:
    'more than 3 attempts to send a mail failed, or mails expired unsent, within 15 minutes, for 5 minutes',
  description:
    '{{ $value | printf "%.0f" }} attempts in 15 minutes; people wait for a new password, for proof of their address, for an invitation.',
  why:
    'A mail is tried at once, then after one, two and four minutes and so on: one that nobody could send for seven minutes is four attempts, ' +
    'more than a mail server that defers strangers once costs. A mailbox that does not exist is no fault of ours and does not count. Links of mails end ' +
    'after an hour: there is time to mend it before the first one does.',
  nextSteps: [
    'Ask the mail server as the service does: `brownie doctor --only mail`',
    'See the reasons in the log of `brownie.mail`',
    'Hand on what is urgent by yourself: `brownie mail list`, `brownie mail show`',
  ],
  dashboard: 'authentication',
  rules: [
    {
      expr: `sum by (environment) (increase(mail_deliveries_total{${job},result=~"failed|expired|unreadable"}[15m])) > 3`,
      for: '5m',
      severity: 'warning',
    },
  ],
  cases: {
    fires: fires('13m', fails, { value: '9' }),
    quietJustBelow: quiet('20m', { series: of('failed', [0, 4], [1, 3], [0, 40]) }),
    quietBeforeFor: quiet('12m', fails),
    resolves: quiet('30m', fails),
    noData: quietWithoutData,
    noTraffic: quiet('30m', { series: { ...of('sent', [0, 40]), ...of('failed', [0, 40]) } }),
    more: {
      'what expires counts': fires('13m', { series: of('expired', ...forAWhile) }, { value: '9' }),
      'what cannot be opened counts': fires(
        '13m',
        { series: of('unreadable', ...forAWhile) },
        { value: '9' },
      ),
      'it goes on for ten minutes after the last that failed': fires('23m30s', fails, { value: '5' }),
      'what was sent, and what has no mailbox, does not count': quiet('30m', {
        series: { ...of('sent', [10, 40]), ...of('refused', [10, 40]) },
      }),
    },
  },
};
