import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const day = 86_400;
/** The key has signed for so many days at the start; it is replaced after so many minutes. */
const signing = (days: number, minutes = 60) => ({
  series: {
    'jwt_signing_key_since_timestamp_seconds{job="brownie-api",instance="a:8080"}': gauge(
      [-days * day, minutes],
      [minutes * 60, 60],
    ),
  },
});

export const jwtKeyOverdue: Alert = {
  name: 'JwtKeyOverdue',
  team: 'security',
  summary: 'The key that signs access tokens has not been rotated for 45 days',
  condition: 'the same key has signed tokens for 45 days',
  description: 'The same key has signed access tokens for {{ $value | humanizeDuration }}.',
  why:
    'Keys are rotated each month; 45 days leave two weeks for it. Each instance tells of the same key, and the newest is taken, so that ' +
    'one that has not read the change yet does not count. An hour outlives a rotation under way.',
  nextSteps: [
    'See the keys and their ages: `brownie jwt status`',
    'Rotate: `brownie jwt stage`, then `brownie jwt promote`; nobody is logged out',
  ],
  dashboard: 'authentication',
  rules: [
    {
      expr: `time() - max by (environment) (jwt_signing_key_since_timestamp_seconds{${job}}) > 45 * 86400`,
      for: '1h',
      severity: 'warning',
    },
  ],
  cases: {
    fires: fires('1h', signing(45.001, 120), { value: '45d 1h 1m 26s' }),
    quietJustBelow: quiet('110m', signing(44.9, 120)),
    quietBeforeFor: quiet('59m45s', signing(45.001, 120)),
    resolves: quiet('131m', signing(50, 120)),
    noData: quietWithoutData,
    noTraffic: quiet('110m', signing(1, 120)),
  },
};
