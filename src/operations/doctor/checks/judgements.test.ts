import { describe, expect, test } from 'vitest';
import { backupAge } from '../../../platform/backup-state/backup-age.ts';
import type { Activity } from '../activity.ts';
import { judgeIdle, judgeLocks, judgeLong } from './activity-sessions.ts';
import { judgeStatements } from './activity-slow-queries.ts';
import { judgeArchiver, judgeBackups } from './backups.ts';
import { judgeDays } from './certificates.ts';
import { judgeTelephones } from './configuration.ts';
import { judgeBudget, judgeUse } from './connections.ts';
import { judgeClock } from './database-clock.ts';
import { judgeCollations } from './database-collation.ts';
import { judgeMaintenance } from './database-maintenance.ts';
import { judgeDisks } from './disk.ts';
import { redisFault } from './redis.ts';
import { judgeRole } from './schema-role.ts';
import { hasWeakPassword } from './secrets-strength.ts';
import { judgeAges, judgeTables } from './tables-upkeep.ts';

test.each([
  [0, 'ok'],
  [1_900, 'ok'],
  [-2_100, 'warning'],
  [61_000, 'critical'],
])('a clock that differs by %i ms: %s', (differenceMs, severity) => {
  const slow = { askedAt: 0, answeredAt: 9_000, theirs: 90_000 };
  const quick = { askedAt: 10_000, answeredAt: 10_010, theirs: 10_005 + differenceMs };
  expect(judgeClock([slow, quick]).severity).toBe(severity);
});

test('a collation of another version than its indexes is told, with what builds them anew', () => {
  const at = (what: string, recorded: string | null, actual: string | null) => ({
    what,
    recorded,
    actual,
    database: 'brownie',
  });
  const good = [at('database brownie', '2.36', '2.36'), at('collation public.none', null, null)];
  expect(judgeCollations(good).severity).toBe('ok');
  const other = at('collation public.german', '153.112', '153.120');
  expect(judgeCollations([...good, other])).toMatchObject({
    severity: 'warning',
    evidence: ['collation public.german: built with 153.112, here is 153.120'],
    remedy: expect.stringMatching(/reindex .* brownie; then alter collation public\.german refresh version$/),
  });
  expect(judgeCollations([at('database brownie', '2.36', null)])).toMatchObject({
    remedy: expect.stringMatching(/alter database brownie refresh collation version$/),
  });
});

test('in production, a level without a telephone is told', () => {
  const four = ['+49 30 901820', '+49 30 901821', '+49 30 901822', '+49 30 901823'];
  expect(judgeTelephones('production', four).severity).toBe('ok');
  expect(judgeTelephones('production', [...four.slice(0, 3), undefined])).toMatchObject({
    severity: 'warning',
    evidence: ['METADATA_CTO_TELEPHONE is not set'],
  });
  expect(judgeTelephones('development', []).severity).toBe('ok');
});

test('maintenance that is on is told of, with its end', () => {
  const on = { startedBy: 'ada', message: 'moving', since: 600, left: 300 };
  expect(judgeMaintenance(undefined).severity).toBe('ok');
  expect(judgeMaintenance(on)).toMatchObject({
    severity: 'warning',
    evidence: ['for 10 minutes, by ada: moving', 'it ends by itself in 5 minutes'],
  });
  expect(judgeMaintenance({ ...on, left: null }).finding).toMatch(/its end is not planned$/);
});

test.each([
  [[], 'ok'],
  [[30], 'ok'],
  [[90, 29], 'warning'],
  [[29, 6], 'critical'],
  [[-1], 'critical'],
] as const)('certificates with %j days left: %s', (days, severity) => {
  expect(judgeDays(days.map((left) => ({ name: 'client.crt', left }))).severity).toBe(severity);
});

describe('the login of the service', () => {
  const good = {
    name: 'brownie',
    isSuperuser: false,
    bypassesRls: false,
    createsRoles: false,
    owned: 0,
    isMember: true,
  };
  test.each([
    [good, false, 'ok', null],
    [{ ...good, isSuperuser: true }, false, 'critical', 'alter role brownie nosuperuser'],
    [{ ...good, bypassesRls: true }, false, 'critical', 'alter role brownie nobypassrls'],
    [{ ...good, isMember: false }, false, 'critical', 'grant brownie_app to brownie'],
    [{ ...good, owned: 3 }, false, 'warning', 'a login of its own, see docs/deployment.md'],
    [{ ...good, owned: 3 }, true, 'critical', 'a login of its own, see docs/deployment.md'],
  ] as const)('%#', (role, isProduction, severity, remedy) => {
    expect(judgeRole(role, isProduction)).toMatchObject({ severity, remedy });
  });
});

test.each([
  [79, 'ok'],
  [80, 'warning'],
  [95, 'critical'],
])('%i of 100 connections taken: %s', (taken, severity) => {
  expect(judgeUse({ max: 100, taken, holders: [] }).severity).toBe(severity);
});

test.each([
  [0, 50, 'ok', null],
  [1, 96, 'ok', null],
  [3, 50, 'warning', /at most 31,/],
])('%i instances with pools of %i on 97 connections: %s', (instances, poolMax, severity, remedy) => {
  const verdict = judgeBudget({ max: 97, instances }, poolMax);
  expect(verdict.severity).toBe(severity);
  expect(verdict.remedy ?? '').toMatch(remedy ?? /^$/);
});

describe('connections at work', () => {
  const quiet: Activity = {
    pid: 1,
    user: 'brownie',
    application: 'brownie/req-1',
    state: 'idle',
    hasWritten: false,
    transactionSeconds: null,
    stateSeconds: 3_600,
    blockedBy: [],
    waitSeconds: null,
  };
  test('a transaction left open is ended by its pid', () => {
    const idle = { ...quiet, pid: 7, state: 'idle in transaction', stateSeconds: 61 };
    expect(judgeIdle([quiet, { ...idle, stateSeconds: 59 }]).severity).toBe('ok');
    expect(judgeIdle([quiet, idle])).toMatchObject({
      severity: 'warning',
      evidence: ['pid 7, brownie, brownie/req-1, idle in transaction for 61 s'],
      remedy: 'select pg_terminate_backend(7)',
    });
  });
  test('a transaction that has changed rows may be idle for less time than writers wait', () => {
    const writer = { ...quiet, state: 'idle in transaction', hasWritten: true };
    expect(judgeIdle([{ ...writer, stateSeconds: 4 }]).severity).toBe('ok');
    expect(judgeIdle([{ ...writer, stateSeconds: 6 }]).severity).toBe('warning');
  });
  test('a statement that waits for a lock is not one that runs long', () => {
    const long = { ...quiet, pid: 8, state: 'active', stateSeconds: 90 };
    expect(judgeLong([{ ...long, waitSeconds: 80 }]).severity).toBe('ok');
    expect(judgeLong([long]).severity).toBe('warning');
  });
  test('of a queue, the head is named', () => {
    const holder = { ...quiet, pid: 1, state: 'idle in transaction' };
    const first = { ...quiet, pid: 2, state: 'active', blockedBy: [1], waitSeconds: 20 };
    const second = { ...quiet, pid: 3, state: 'active', blockedBy: [2], waitSeconds: 9 };
    const verdict = judgeLocks([holder, first, second]);
    expect(verdict.remedy).toBe('select pg_terminate_backend(1)');
    expect(verdict.finding).toBe('2 connections wait for a lock for more than 1 s, behind pid 1');
    expect(judgeLocks([{ ...first, waitSeconds: 0.9 }]).severity).toBe('ok');
  });
  test('who keeps others out is named, whether or not anybody waits at this moment', () => {
    const holder = { ...quiet, pid: 4, state: 'idle in transaction' };
    const verdict = judgeLocks([quiet, holder], [{ pid: 4, on: 'incidents', mode: 'ShareLock' }]);
    expect(verdict).toMatchObject({
      severity: 'warning',
      finding: 'Whoever wants to write has to wait for pid 4: incidents is locked',
      evidence: [
        'holds it: pid 4, brownie, brownie/req-1, idle in transaction',
        'pid 4 holds ShareLock on incidents',
      ],
      remedy: 'select pg_terminate_backend(4)',
    });
    expect(judgeLocks([], [{ pid: null, on: 'teams', mode: 'ExclusiveLock' }]).remedy).toMatch(
      /rollback prepared/,
    );
  });
  test('what our logins may not look into is said', () => {
    expect(judgeIdle([{ ...quiet, state: null }]).evidence[0]).toMatch(/^1 connections .* pg_monitor/);
  });
});

test('a statement is slow by its mean, once it was called three times', () => {
  const statement = { calls: 3, total: 1_800, mean: 600, query: 'select $1' };
  expect(
    judgeStatements([
      { ...statement, calls: 2 },
      { ...statement, mean: 500 },
    ]).severity,
  ).toBe('ok');
  expect(judgeStatements([statement]).severity).toBe('warning');
});

test('tables with many dead rows, and large ones never analyzed', () => {
  const table = { name: 'incidents', live: 100_000, dead: 19_000, isAnalyzed: true };
  expect(judgeTables([table, { name: 'small', live: 10, dead: 9_000, isAnalyzed: false }]).severity).toBe(
    'ok',
  );
  expect(judgeTables([{ ...table, dead: 21_000 }]).remedy).toBe('vacuum (analyze) incidents');
  expect(judgeTables([{ ...table, isAnalyzed: false }]).severity).toBe('warning');
});

test.each([
  [400e6, 'ok'],
  [401e6, 'warning'],
  [1.7e9, 'critical'],
])('a transaction id %f old: %s', (age, severity) => {
  expect(judgeAges([{ name: 'brownie', age, freezeMax: 200e6 }]).severity).toBe(severity);
});

test.each([
  ['postgresql://brownie:brownie@db/x', true],
  ['postgresql://brownie:short@db/x', true],
  ['postgresql://brownie:c0rrect-horse-battery@db/x', false],
  ['postgresql://brownie@db/x?sslcert=client.crt', false],
])('a password in %s can be guessed: %s', (dsn, isWeak) => {
  expect(hasWeakPassword(dsn)).toBe(isWeak);
});

test.each([
  [10, 'ok'],
  [9.9, 'warning'],
  [4.9, 'critical'],
])('a disk with %f %% free: %s', (percent, severity) => {
  const roomy = { name: '/', free: 90, total: 100 };
  expect(judgeDisks([roomy, { name: '/var', free: percent, total: 100 }]).severity).toBe(severity);
});

describe('backups', () => {
  const now = new Date('2026-11-25T12:00:00Z');
  const made = (at: string, drilledAt?: string) => ({
    backups: { dump: at },
    ...(drilledAt === undefined
      ? {}
      : { restoreDrill: { succeededAt: drilledAt, rtoSeconds: 1, rpoSeconds: 0 } }),
  });
  const lately = new Date('2026-11-24T10:30:00Z');
  const longAgo = new Date('2026-10-01T00:00:00Z');
  test.each([
    [{ backups: {} }, 'development', longAgo, 'ok'],
    [{ backups: {} }, 'production', lately, 'ok'],
    [{ backups: {} }, 'production', longAgo, 'critical'],
    [{ backups: {} }, 'production', undefined, 'critical'],
    [made('2026-11-24T10:30:00Z'), 'production', lately, 'ok'],
    [made('2026-11-24T09:30:00Z'), 'production', longAgo, 'critical'],
    [made('2026-11-24T09:30:00Z'), 'development', lately, 'critical'],
    [made('2026-11-25T03:00:00Z'), 'production', longAgo, 'warning'],
    [made('2026-11-25T03:00:00Z', '2026-11-17T10:00:00Z'), 'production', longAgo, 'warning'],
    [made('2026-11-25T03:00:00Z', '2026-11-20T00:00:00Z'), 'production', longAgo, 'ok'],
  ])('%j in %s, installed %s: %s', (state, environment, installedAt, severity) => {
    const record = installedAt && { state, installedAt };
    const folder = record === undefined ? state : { backups: {} };
    const owner = { environment, database: { mode: 'external' } } as const;
    expect(judgeBackups(backupAge(folder, record, owner), now).severity).toBe(severity);
  });
  test('the embedded database owes none', () => {
    const record = { state: { backups: {} }, installedAt: longAgo };
    const owner = { environment: 'production', database: { mode: 'embedded' } } as const;
    const verdict = judgeBackups(backupAge({ backups: {} }, record, owner), now, '.brownie');
    expect(verdict).toMatchObject({
      severity: 'ok',
      finding: expect.stringContaining('`brownie backup create` makes one'),
    });
  });
  test.each([
    [{ isOn: false, isFailing: true }, 'ok'],
    [{ isOn: true, isFailing: false }, 'ok'],
    [{ isOn: true, isFailing: true }, 'critical'],
    [{ isOn: true, isFailing: false, behind: 119 }, 'ok'],
    [{ isOn: true, isFailing: false, behind: 121 }, 'critical'],
  ])('archiving %j: %s', (state, severity) => {
    expect(judgeArchiver({ failed: 1, lastFailed: '0001', age: 5, behind: 0, ...state }).severity).toBe(
      severity,
    );
  });
});

test.each([
  ['WRONGPASS invalid username-password pair', /refuses the password/],
  ['NOAUTH Authentication required.', /refuses the password/],
  ['connect ECONNREFUSED 127.0.0.1:6379', /^Nothing listens/],
  ['connect ETIMEDOUT', /does not answer/],
  ['Command timed out', /does not answer/],
  ['getaddrinfo ENOTFOUND redis', /cannot be resolved/],
])('Redis says %s', (message, finding) => {
  expect(redisFault('redis:6379', new Error(message))).toMatchObject({
    severity: 'warning',
    finding: expect.stringMatching(finding),
  });
});
