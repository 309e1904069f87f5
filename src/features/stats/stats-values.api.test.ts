import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
});
afterAll(() => app[Symbol.asyncDispose]());

/** Records a value as the text that JSON has for it. */
const record = (value: string, fields = '') =>
  tenant.owner.client.post(
    `/teams/${tenant.teamId}/stats`,
    `{"metric_name": "m", "metric_type": "gauge", "value": ${value}${fields}}`,
  );
const read = async (id: string) => (await tenant.owner.client.get(`/stats/${id}`)).body;

describe('a value', () => {
  test.each([
    '0',
    '42',
    '-7',
    '-0.5',
    '0.1',
    '3.141592653589793',
    '9007199254740991',
    '1e22',
    '10000000000000000000000',
    '1e308',
    '-1.7976931348623157e308',
    '5e-324',
  ])('of %s comes back as the number that it is', async (text) => {
    const { status, body } = await record(text);
    expect([status, body.value]).toEqual([200, Number(text)]);
    expect((await read(body.id)).value).toBe(Number(text));
    const { rows } = await app.superuser.query('select value from stats where id = $1', [body.id]);
    expect(rows).toEqual([{ value: Number(text) }]);
  });

  test.each(['1e309', '-1e400', '1e-400', '9007199254740993'])(
    'of %s, which no double holds, is refused',
    async (text) => {
      const reply = await record(text);
      expect([reply.status, reply.body]).toMatchObject([
        422,
        {
          code: 'request.invalid',
          detail: expect.stringContaining(text),
          errors: [{ pointer: '/value' }],
        },
      ]);
    },
  );

  test.each(['"42"', 'null', 'true', '[42]', '{}'])(
    'of %s, which is no number, is refused by name',
    async (text) => {
      const reply = await record(text);
      expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/value' }]]);
    },
  );

  test.each(['NaN', 'Infinity', '-Infinity', '+1', '01', '.5', '1.', '0x10'])(
    'of %s, which is no JSON, is refused',
    async (text) => {
      const reply = await record(text);
      expect([reply.status, reply.body.code]).toEqual([422, 'request.invalid']);
    },
  );
});

describe('a count', () => {
  test.each(['0', '9007199254740991'])('of %s comes back as it is', async (text) => {
    const { body } = await record('1', `, "count": ${text}`);
    expect(body.count).toBe(Number(text));
    expect((await read(body.id)).count).toBe(Number(text));
  });

  test.each(['9007199254740992', '1e22'])('of %s is refused by name', async (text) => {
    const reply = await record('1', `, "count": ${text}`);
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/count' }]]);
  });
});

describe('a timestamp', () => {
  test.each([
    ['2026-03-01T08:00:00Z', '2026-03-01T08:00:00.000Z'],
    ['2026-03-01T08:00:00.5Z', '2026-03-01T08:00:00.500Z'],
    ['2026-03-01T10:00:00+02:00', '2026-03-01T08:00:00.000Z'],
    ['2026-02-28T22:30:00.123-09:30', '2026-03-01T08:00:00.123Z'],
    ['2026-03-01T08:00:00.9999Z', '2026-03-01T08:00:00.9999Z'],
    ['2026-03-01T10:00:00.123456+02:00', '2026-03-01T08:00:00.123456Z'],
    ['2026-03-01T08:00:00.120000Z', '2026-03-01T08:00:00.120Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['1969-12-31T23:59:59Z', '1969-12-31T23:59:59.000Z'],
    ['0001-01-02T00:00:00+14:00', '0001-01-01T10:00:00.000Z'],
    ['9999-12-30T23:59:59-12:00', '9999-12-31T11:59:59.000Z'],
  ])('of %s comes back as %s', async (given, expected) => {
    const { status, body } = await record('1', `, "timestamp": "${given}"`);
    expect([status, body.timestamp]).toEqual([200, expected]);
    expect((await read(body.id)).timestamp).toBe(expected);
  });

  test.each([
    'yesterday',
    '2026-03-01',
    '2026-03-01T08:00:00',
    '2026-02-29T00:00:00Z',
    '2026-03-01T24:00:01Z',
    '2016-12-31T23:59:60Z',
    '2026-03-01T08:00:00.1234567Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+05:00',
    '9999-12-31T23:59:59-05:00',
    '9999-12-31T23:59:59.9999Z',
  ])('of %s is refused by name', async (given) => {
    const reply = await record('1', `, "timestamp": "${given}"`);
    expect([reply.status, reply.body]).toMatchObject([
      422,
      { code: 'request.invalid', errors: [{ pointer: '/timestamp' }] },
    ]);
  });

  test('in microseconds is listed exactly once, and found by them', async () => {
    const teamId = await tenant.team();
    const path = `/teams/${teamId}/stats`;
    const times = ['000001', '0009', '001', '001000', '001999', '002'].map(
      (rest) => `2026-03-01T08:00:00.${rest}Z`,
    );
    for (const timestamp of times) {
      const stat = { metric_name: 'm', metric_type: 'gauge', value: 1, timestamp };
      expect((await tenant.owner.client.post(path, stat)).status).toBe(200);
    }
    const walked: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await tenant.owner.client.get(`${path}?limit=1${cursor}`);
      walked.push(body.items[0].timestamp);
      if (!body.has_more) {
        break;
      }
      cursor = `&cursor=${body.next_cursor}`;
    }
    const micros = (text: string): string => text.slice(20, -1).padEnd(6, '0');
    expect(walked.map(micros).toSorted()).toEqual([
      '000001',
      '000900',
      '001000',
      '001000',
      '001999',
      '002000',
    ]);
    const between = async (since: string, until: string): Promise<string[]> => {
      const query = `since=2026-03-01T08:00:00.${since}Z&until=2026-03-01T08:00:00.${until}Z`;
      const { body } = await tenant.owner.client.get(`${path}?${query}`);
      return body.items.map(({ timestamp }: { timestamp: string }) => micros(timestamp)).toSorted();
    };
    expect(await between('000002', '001')).toEqual(['000900']);
    expect(await between('0009', '001999')).toEqual(['000900', '001000', '001000']);
    expect(await between('001', '001001')).toEqual(['001000', '001000']);
  });

  test('with an offset that no place on Earth has is refused', async () => {
    const reply = await record('1', ', "timestamp": "2026-03-01T08:00:00+23:00"');
    expect([reply.status, reply.body.code]).toEqual([422, 'request.invalid']);
  });
});

describe('labels', () => {
  test.each([
    '{}',
    '{"": "empty name", "a/b~c": "d"}',
    '{"nested": {"list": [1, "a", null, true, {"x": -0.5}]}}',
    '{"big": 1e22, "toJSON": "x", "constructor": 1}',
    '{"emoji": "🔥", "quote": "\\"", "newline": "\\n"}',
  ])('of %s come back as they were sent', async (text) => {
    const { status, body } = await record('1', `, "labels": ${text}`);
    expect([status, body.labels]).toEqual([200, JSON.parse(text)]);
    expect((await read(body.id)).labels).toEqual(JSON.parse(text));
  });
});
