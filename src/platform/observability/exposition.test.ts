import { expect, test } from 'vitest';
import { prefersOpenMetrics, toOpenMetrics } from './exposition.ts';
import { createMetrics } from './metrics.ts';

const metrics = createMetrics({
  version: '1.2.3',
  pool: { active: () => 0, idle: () => 0, waiting: () => 0, max: 1 },
});
const prometheus2 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const request = { method: 'GET', endpoint: '/api/v1/teams', status: 200 } as const;

/** Series and the types of their families, whatever the form. @NOTE what Node tells of its handles comes and goes. */
function read(text: string) {
  const lines = text.split('\n');
  return {
    series: lines
      .filter((line) => /^(?!#|nodejs_active_)./.test(line))
      .map((line) => line.replace(/ [^ ]+( # .*)?$/, '')),
    types: lines.filter((line) => line.startsWith('# TYPE')),
  };
}

test.each([
  [undefined, false],
  ['*/*', false],
  ['text/plain', false],
  [prometheus2, true],
  ['text/plain;version=0.0.4;q=1,*/*;q=0.1', false],
  ['application/openmetrics-text; version=1.0.0; charset=utf-8', true],
  ['application/openmetrics-text;q=0.2, text/plain;q=0.5', false],
  ['application/openmetrics-text;q=0', false],
  ['application/*', false],
])('of Accept: %s OpenMetrics is preferred: %s', (accept, expected) => {
  expect(prefersOpenMetrics(accept)).toBe(expected);
});

test('both forms have the same series, and families of the same types', async () => {
  metrics.requestServed({ ...request, seconds: 0.2 });
  const text = await metrics.expose('text/plain');
  const open = await metrics.expose(prometheus2);
  expect([text.type, open.type]).toEqual([
    'text/plain; version=0.0.4; charset=utf-8',
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  ]);
  expect(read(open.text).series).toEqual(read(text.text).series);
  expect(read(text.text).series.length).toBeGreaterThan(100);
  expect(read(open.text).types).toEqual(
    read(text.text).types.map((line) => line.replace(/_total counter$/, ' counter')),
  );
  // Asked again, the text format is as it was.
  expect(read((await metrics.expose(undefined)).text)).toEqual(read(text.text));
});

test('OpenMetrics: counters end in _total, families stand in one piece, no blank line, # EOF at the end', async () => {
  const { text } = await metrics.expose(prometheus2);
  expect(text.endsWith('\n# EOF\n')).toBe(true);
  const lines = text.trimEnd().split('\n');
  expect(lines).not.toContain('');
  const families = lines.flatMap((line) => /^# TYPE (\S+) (\S+)$/.exec(line)?.slice(1, 3).join(' ') ?? []);
  expect(new Set(families).size).toBe(families.length);
  let family = ['', ''];
  for (const line of lines.slice(0, -1)) {
    const [, name = '', type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    family = name === '' ? family : [name, type];
    if (!line.startsWith('#')) {
      const suffixes =
        family[1] === 'counter' ? '_total' : family[1] === 'histogram' ? '_(bucket|sum|count)' : '';
      expect(line).toMatch(new RegExp(`^${family[0]}${suffixes}[{ ]`));
    }
  }
});

test('the bucket of a traced request names its trace, in OpenMetrics alone', async () => {
  metrics.requestServed({ ...request, seconds: 0.3, traceId });
  metrics.requestServed({ ...request, seconds: 30, traceId });
  const bucket = (le: string): RegExp =>
    new RegExp(
      `^http_request_duration_seconds_bucket\\{.*le="${le}".*\\} \\d+ # \\{trace_id="${traceId}"\\} (0\\.3|30) \\d+\\.\\d{3}$`,
      'm',
    );
  const { text } = await metrics.expose(prometheus2);
  expect(text).toMatch(bucket('0.5'));
  expect(text).toMatch(bucket('\\+Inf'));
  expect(text.match(/trace_id/g)).toHaveLength(2);
  expect((await metrics.expose('text/plain')).text).not.toContain('trace_id');
});

test('help is escaped as OpenMetrics has it', () => {
  expect(
    toOpenMetrics('# HELP a_total Says "a".\n# TYPE a_total counter\na_total 1\n', () => undefined).text,
  ).toBe('# HELP a Says \\"a\\".\n# TYPE a counter\na_total 1\n# EOF\n');
});
