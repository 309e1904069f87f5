import { certificateExpiration, certificateExpirationCritical } from '../alerts/certificate-expiration.ts';
import { connectionPoolExhaustion, connectionPoolUsageHigh } from '../alerts/connection-pool.ts';
import { databaseDown } from '../alerts/database-down.ts';
import { databaseUnreachable } from '../alerts/database-unreachable.ts';
import { poolWait } from '../alerts/pool-wait.ts';
import { redisDown } from '../alerts/redis-down.ts';
import { replicaUnusable } from '../alerts/replica-unusable.ts';
import { served } from '../selectors.ts';
import { backups } from './database-backups.ts';
import type { Dashboard, Row } from './panel.ts';
import { gauge, rate, requestRate } from './queries.ts';
import { watchedTarget } from './watch.ts';

const instance = '{{instance}}';
const health = { 0: 'unhealthy', 1: 'healthy' };

const postgresql: Row = {
  title: 'PostgreSQL',
  panels: [
    {
      kind: 'number',
      title: 'Database',
      description:
        'Whether any instance gets an answer. If none does, everything that needs the database fails with 503.',
      unit: 'number',
      targets: [watchedTarget(databaseDown, 'database')],
      watchedBy: [{ alert: databaseDown }],
      words: health,
      width: 6,
    },
    {
      kind: 'states',
      title: 'As each instance sees it',
      description: 'One instance alone: its network, certificate or credentials. All of them: the database.',
      unit: 'number',
      targets: [watchedTarget(databaseUnreachable, instance)],
      watchedBy: [{ alert: databaseUnreachable }],
      words: health,
      width: 10,
    },
    {
      kind: 'graph',
      title: 'Requests answered 503',
      description:
        'No database, no connection in time, a statement that took too long, or an instance that is drained.',
      unit: 'requests per second',
      targets: [{ expr: requestRate('instance', `${served},status="503"`), legend: instance }],
    },
  ],
};

const replica = '{{instance}} replica {{replica}}';

const replicas: Row = {
  title: 'Replicas',
  panels: [
    {
      kind: 'states',
      title: 'Replicas, as each instance sees them',
      description:
        'Without data: none are configured. One that takes no reads costs no request: the others, or the primary, take them.',
      unit: 'number',
      targets: [watchedTarget(replicaUnusable, replica)],
      watchedBy: [{ alert: replicaUnusable }],
      words: health,
      width: 8,
    },
    {
      kind: 'graph',
      title: 'Lag of replicas',
      description: 'Until a replica shows what is committed. From a second on nothing is read there.',
      unit: 'seconds',
      targets: [{ expr: gauge('brownie_replica_lag_seconds'), legend: replica }],
    },
    {
      kind: 'graph',
      title: 'Reads, by server',
      description: 'Those at the primary found no replica that showed what had been committed.',
      unit: 'requests per second',
      targets: [{ expr: rate('brownie_reads_total'), legend: '{{instance}} {{server}}' }],
    },
  ],
};

const pool: Row = {
  title: 'Connection pool',
  panels: [
    {
      kind: 'graph',
      title: 'Pool usage',
      description: 'Connections in use, of those that an instance may open.',
      unit: 'share',
      targets: [watchedTarget(connectionPoolExhaustion, instance)],
      watchedBy: [{ alert: connectionPoolExhaustion }, { alert: connectionPoolUsageHigh }],
    },
    {
      kind: 'graph',
      title: 'Wait for a connection, P95',
      description: 'Tells more than usage: a full pool that nobody waits for is well sized.',
      unit: 'seconds',
      targets: [watchedTarget(poolWait, instance)],
      watchedBy: [{ alert: poolWait }],
    },
    {
      kind: 'graph',
      title: 'Requests that got no connection',
      description:
        'They waited METADATA_POSTGRES_ACQUIRE_TIMEOUT_MS, or the database refused them, and were answered 503.',
      unit: 'requests per second',
      targets: [{ expr: rate('db_pool_timeouts_total'), legend: instance }],
    },
    {
      kind: 'graph',
      title: 'Connections',
      description:
        'In use and idle, over all instances. The sum must stay below max_connections of the server.',
      unit: 'number',
      targets: [
        { expr: `sum(${gauge('database_connections_active')})`, legend: 'in use' },
        { expr: `sum(${gauge('db_pool_idle')})`, legend: 'idle' },
      ],
      isStacked: true,
    },
    {
      kind: 'number',
      title: 'Connections that all instances may open',
      description:
        'What max_connections of the server must hold, beside its reserve and one probe an instance.',
      unit: 'number',
      targets: [{ expr: `sum(${gauge('database_connections_max')})`, legend: 'connections' }],
    },
    {
      kind: 'graph',
      title: 'Requests that wait',
      description: 'At this moment. More than a handful for minutes is a queue.',
      unit: 'number',
      targets: [{ expr: gauge('db_pool_waiting'), legend: instance }],
    },
  ],
};

const redis: Row = {
  title: 'Redis and certificates',
  panels: [
    {
      kind: 'states',
      title: 'Redis, as each instance sees it',
      description: 'Without data: Redis is not configured. The service works without it and says "degraded".',
      unit: 'number',
      targets: [watchedTarget(redisDown, instance)],
      watchedBy: [{ alert: redisDown }],
      words: health,
      width: 12,
    },
    {
      kind: 'number',
      title: 'Life that certificates have left',
      description:
        'Of the certificates that the connection to the database names, and as `front` of the one that clients meet.',
      unit: 'duration',
      targets: [watchedTarget(certificateExpiration, '{{name}}')],
      watchedBy: [{ alert: certificateExpiration }, { alert: certificateExpirationCritical }],
      width: 12,
    },
  ],
};

const cache: Row = {
  title: 'What is remembered of callers',
  panels: [
    {
      kind: 'graph',
      title: 'Questions who calls',
      description:
        'By what became of them. Hits need no database; untrusted: an instance does not get to know whose access changed, and asks each time.',
      unit: 'requests per second',
      targets: [
        {
          expr: `sum by (outcome) (${rate('account_cache_requests_total')})`,
          legend: '{{outcome}}',
        },
      ],
      isStacked: true,
    },
    {
      kind: 'graph',
      title: 'Users remembered',
      description: 'In memory, by each instance; 10,000 at most. None where METADATA_CACHE is off.',
      unit: 'number',
      targets: [{ expr: gauge('account_cache_users'), legend: instance }],
    },
    {
      kind: 'states',
      title: 'Trusted',
      description:
        '0 for long where callers are remembered: the connection of the health check gets no answer in time.',
      unit: 'number',
      targets: [{ expr: gauge('account_cache_trusted'), legend: instance }],
      words: { 0: 'not used', 1: 'used' },
    },
  ],
};

export const database: Dashboard = {
  id: 'database',
  title: 'Database and cache',
  description: 'PostgreSQL and Redis as the service sees them, and what waits for them.',
  rows: [postgresql, replicas, pool, redis, cache, backups],
};
