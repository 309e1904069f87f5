import { expect, test } from 'vitest';
import { samplesOf } from '../../probing/samples.ts';
import { judgeProxies } from './service.ts';

const counted = (requests: number, trusted: number, unknown: number) =>
  samplesOf(
    `http_requests_total{method="GET",endpoint="/api/v1/teams",status="200"} ${requests}
http_requests_total{method="GET",endpoint="/health",status="200"} 100000
http_requests_forwarded_total{proxy="trusted"} ${trusted}
http_requests_forwarded_total{proxy="unknown"} ${unknown}`,
  );

test.each([
  ['no proxy', counted(1_000, 0, 0), 'ok'],
  ['a proxy that is listed', counted(1_000, 1_000, 0), 'ok'],
  ['a proxy that is not', counted(1_000, 0, 1_000), 'warning'],
  ['one of several that is not', counted(1_000, 850, 150), 'warning'],
  ['a client that makes the header up', counted(1_000, 0, 50), 'ok'],
  ['the first requests', counted(10, 0, 10), 'ok'],
])('%s: %3$s', (_, samples, severity) => {
  expect(judgeProxies(samples).severity).toBe(severity);
});
