import { describe, expect, test } from 'vitest';
import { idleConnectionsMs } from '../../../src/platform/http/http-server.ts';
import { configOf } from './config-of.ts';
import { textOf } from './repository.ts';

const nginx = textOf('deploy/nginx/brownie.conf');
const haproxy = textOf('deploy/haproxy/haproxy.cfg');

/** The one match of a pattern whose group is a time, in seconds. */
function seconds(text: string, pattern: RegExp): number {
  const found = [...text.matchAll(pattern)].map(([, amount = '']) => amount);
  expect([pattern, found.length]).toEqual([pattern, 1]);
  const [amount = ''] = found;
  return Number.parseFloat(amount) * (amount.endsWith('ms') ? 0.001 : 1);
}

const [nginxUpstream = '', nginxServer = ''] = nginx.split('log_format');
const toClients = {
  nginx: seconds(nginxServer, /^ {4}keepalive_timeout (\w+);$/gm),
  haproxy: seconds(haproxy, /^ {4}timeout http-keep-alive (\w+)$/gm),
};
/** HAProxy closes half of what is idle in each turn: connections are gone within five, as measured with 8 of them. */
const toInstances = {
  nginx: seconds(nginxUpstream, /^ {4}keepalive_timeout (\w+);$/gm),
  haproxy: 5 * seconds(haproxy, /^ {4}default-server .* pool-purge-delay (\w+)/gm),
};
const service = idleConnectionsMs / 1_000;
const { drainSeconds } = configOf({
  METADATA_POSTGRES_DSN_FILE: '/run/brownie/postgres-dsn',
  METADATA_JWT_SECRET_FILE: '/run/brownie/jwt-secret',
}).config.lifecycle;

describe('who asks closes an idle connection before who answers does, so that no request meets a closed one', () => {
  test.each(Object.entries(toClients))(
    '%s keeps clients for longer than proxies before it keep idle connections',
    (_name, idle) => {
      expect(idle).toBeGreaterThan(60);
    },
  );

  test.each(Object.entries(toInstances))(
    'the service keeps connections for longer than %s',
    (_name, idle) => {
      expect(service).toBeGreaterThan(2 * idle);
    },
  );

  test('an instance that stops has no request of a balancer any more at the end of its drain', () => {
    expect(toInstances.nginx).toBeLessThan(drainSeconds);
    const [, inter = '', fall = ''] = /check inter (\w+) fall (\d+) /.exec(haproxy) ?? [];
    expect(Number(fall) * seconds(inter, /^(\w+)$/g)).toBeLessThan(drainSeconds / 2);
  });
});
