import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Reconnection } from './reconnection.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
const unavailable = expect.objectContaining({ code: 'service.unavailable', cause: refused });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** How many of a hundred requests a second would open a connection. */
function attempts(reconnection: Reconnection, seconds: number): number {
  let opened = 0;
  for (let request = 0; request < seconds * 100; request += 1) {
    vi.advanceTimersByTime(10);
    try {
      reconnection.admit();
      opened += 1;
      reconnection.failed(refused);
    } catch (error) {
      expect(error).toEqual(unavailable);
    }
  }
  return opened;
}

test('nothing is refused before anything failed', () => {
  expect(() => new Reconnection().admit()).not.toThrow();
});

test('while the database is away, a connection is tried every four to six seconds', () => {
  const reconnection = new Reconnection();
  reconnection.failed(refused);
  const opened = attempts(reconnection, 60);
  expect(opened).toBeGreaterThanOrEqual(9);
  expect(opened).toBeLessThanOrEqual(15);
});

test('only one request tries, however many come before it knows', () => {
  const reconnection = new Reconnection();
  reconnection.failed(refused);
  vi.advanceTimersByTime(6_001);
  reconnection.admit();
  expect(() => reconnection.admit()).toThrow();
});

test('once it is known to be back, all go through', () => {
  const reconnection = new Reconnection();
  reconnection.failed(refused);
  expect(() => reconnection.admit()).toThrow();
  reconnection.succeeded();
  reconnection.admit();
  reconnection.admit();
});

test('a pool that is busy is no database that is away', () => {
  const reconnection = new Reconnection();
  reconnection.failed(new Error('timeout exceeded when trying to connect'));
  expect(() => reconnection.admit()).not.toThrow();
});

test.each([
  ['password', Object.assign(new Error('password authentication failed'), { code: '28P01' })],
  ['certificate', Object.assign(new Error('self-signed certificate'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' })],
])('a database that refuses the %s is not stormed either', (_what, cause) => {
  const reconnection = new Reconnection();
  reconnection.failed(cause);
  expect(() => reconnection.admit()).toThrow(expect.objectContaining({ code: 'service.unavailable', cause }));
});
