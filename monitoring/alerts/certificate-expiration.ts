import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { frontJob, job } from '../selectors.ts';
import { gauge } from '../series.ts';

const day = 86_400;
/** A certificate with so many days left at the start, replaced after so many minutes by one of 90 days. */
const certificate = (days: number, minutes = 60) => ({
  series: {
    'tls_certificate_not_after_timestamp_seconds{job="brownie-api",instance="a:8080",name="client"}': gauge(
      [days * day, minutes],
      [90 * day, 60],
    ),
    'tls_certificate_not_after_timestamp_seconds{job="brownie-api",instance="b:8080",name="client"}': gauge([
      90 * day,
      60 + minutes,
    ]),
  },
});
/** That of a load balancer, as clients meet it. */
const front = (days: number) => ({
  series: {
    'probe_ssl_earliest_cert_expiry{job="brownie-front",instance="https://api.example.com/health/live"}':
      gauge([days * day, 60]),
  },
});
const expires = [
  `tls_certificate_not_after_timestamp_seconds{${job}}`,
  `label_replace(probe_ssl_earliest_cert_expiry{${frontJob}}, "name", "front", "", "")`,
].join(' or ');
const remaining = `min by (environment, name) (${expires}) - time()`;
const labels = { name: 'client' };
const firstStep =
  'See which file it is: `client` is sslcert of the DSN and `ca` is sslrootcert; `front` is that of the load balancer';

export const certificateExpiration: Alert = {
  name: 'CertificateExpiration',
  team: 'infrastructure',
  summary: 'A certificate expires within 30 days',
  condition: 'less than 30 days left',
  description: 'The certificate "{{ $labels.name }}" expires in {{ $value | humanizeDuration }}.',
  why:
    'A third of the life of a certificate of 90 days: time to rotate it in working hours, and once more if that fails. ' +
    'Shorter-lived ones would always fire: take 90 days or more. Five minutes outlive the replacement of a file.',
  nextSteps: [
    firstStep,
    'Have a new one issued by the same authority and put it in the place of the old file',
    'New connections use it at once, old ones are replaced within METADATA_POSTGRES_POOL_RECYCLE_SECONDS',
  ],
  dashboard: 'database',
  rules: [{ expr: `${remaining} < 30 * 86400`, for: '5m', severity: 'warning' }],
  inhibitedBy: [{ by: 'CertificateExpirationCritical', equal: ['name'] }],
  cases: {
    fires: fires('5m', certificate(29), { labels, value: '28d 23h 55m 0s' }),
    quietJustBelow: quiet('30m', certificate(31)),
    quietBeforeFor: quiet('4m45s', certificate(29)),
    resolves: quiet('21m', certificate(29, 20)),
    noData: quietWithoutData,
    noTraffic: quiet('30m', certificate(80)),
    more: {
      'that of the load balancer': fires('5m', front(29), {
        labels: { name: 'front' },
        value: '28d 23h 55m 0s',
      }),
    },
  },
};

export const certificateExpirationCritical: Alert = {
  name: 'CertificateExpirationCritical',
  team: 'infrastructure',
  summary: 'A certificate expires within 7 days',
  condition: 'less than 7 days left',
  description: 'The certificate "{{ $labels.name }}" expires in {{ $value | humanizeDuration }}.',
  why:
    'CertificateExpiration was not acted upon for three weeks. When it expires, every new connection to the database fails, ' +
    'and with the last old one the service; where it is that of the load balancer, no client comes in. Seven days hold a weekend and an authority that is slow.',
  nextSteps: [
    firstStep,
    'Have a new one issued today and put it in the place of the old file',
    'Acknowledge with a silence until the date of the rotation, not longer',
  ],
  dashboard: 'database',
  rules: [{ expr: `${remaining} < 7 * 86400`, for: '5m', severity: 'critical' }],
  cases: {
    fires: fires('5m', certificate(6.5), { labels, value: '6d 11h 55m 0s' }),
    quietJustBelow: quiet('30m', certificate(7.5)),
    quietBeforeFor: quiet('4m45s', certificate(6.5)),
    resolves: quiet('21m', certificate(6.5, 20)),
    noData: quietWithoutData,
    noTraffic: quiet('30m', certificate(80)),
    more: {
      'that of the load balancer': fires('5m', front(6.5), {
        labels: { name: 'front' },
        value: '6d 11h 55m 0s',
      }),
      'one that has expired': fires('2h', certificate(0, 180), { labels, value: '-2h 0m 0s' }),
    },
  },
};
