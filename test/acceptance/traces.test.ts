import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCollector } from '../harness/collector.ts';
import { type OwnDatabase, ownDatabase } from './own-database.ts';
import { type ServiceProcess, startService } from './service-process.ts';

const report = import.meta.resolve('./report-opentelemetry.ts');

/** The packages that the process loaded, as report-opentelemetry.ts tells of them. */
const loadedBy = (service: ServiceProcess): string[] => [
  ...new Set([...service.output().matchAll(/loaded (@opentelemetry\/[\w-]+)/g)].map(([, name = '']) => name)),
];
/** @NOTE prom-client asks it for exemplars, whether there are traces or not: types and constants, nothing that works. */
const withoutTraces = ['@opentelemetry/api'];

const patience = { timeout: 20_000 };

let database: OwnDatabase;
beforeAll(async () => {
  database = await ownDatabase({ isMigrated: true });
});
afterAll(() => database[Symbol.asyncDispose]());

const get = async (service: ServiceProcess): Promise<number> =>
  (await fetch(`${service.url}/api/v1/auth/me`)).status;

/** The lines of the log that hold `part`. */
const linesWith = (service: ServiceProcess, part: string): Record<string, unknown>[] =>
  service
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes(part))
    .map((line) => JSON.parse(line));

test('without a collector the SDK of OpenTelemetry is not loaded; with one, it is', async () => {
  await using collector = await startCollector();
  const variables = { ...database.variables, NODE_OPTIONS: `--import=${report}` };
  const off = await startService(variables);
  expect(await get(off)).toBe(401);
  await expect.poll(() => linesWith(off, 'request served').length, patience).toBe(1);
  expect(await off.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(loadedBy(off)).toEqual(withoutTraces);
  expect(off.output()).not.toContain('trace_id');

  const disabled = { ...variables, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SDK_DISABLED: 'true' };
  const turnedOff = await startService(disabled);
  expect(await turnedOff.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(loadedBy(turnedOff)).toEqual(withoutTraces);

  const on = await startService({ ...variables, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  expect(await on.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(loadedBy(on)).toContain('@opentelemetry/sdk-trace');
});

test('spans reach the collector, the last ones at the stop, and log lines name their trace', async () => {
  await using collector = await startCollector();
  const service = await startService({
    ...database.variables,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20canary',
    OTEL_SERVICE_NAME: 'brownie-under-test',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  });
  expect(await get(service)).toBe(401);
  expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(collector.spans).toMatchObject([
    {
      name: 'GET /api/v1/auth/me',
      resource: { 'service.name': 'brownie-under-test', 'deployment.environment.name': 'test' },
    },
  ]);
  expect(collector.headers().authorization).toBe('Bearer canary');
  expect(service.output()).not.toContain('canary');
  const [span] = collector.spans;
  expect(linesWith(service, 'request served')).toMatchObject([
    { trace_id: span?.traceId, span_id: span?.spanId },
  ]);
});

test('a collector that fails, comes back, dies or freezes costs no request and one line each time', async () => {
  const collector = await startCollector();
  const service = await startService({
    ...database.variables,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  const warnings = () => linesWith(service, 'traces cannot be sent');
  const whileAsking = (question: () => unknown) =>
    expect.poll(async () => {
      expect(await get(service)).toBe(401);
      return question();
    }, patience);

  collector.mode = 'refuse';
  await whileAsking(() => collector.refused() >= 3).toBe(true);
  await expect.poll(() => warnings().length, patience).toBe(1);
  expect(warnings()).toMatchObject([{ level: 'warning', logger: 'brownie.traces' }]);
  collector.mode = 'take';
  await whileAsking(() => linesWith(service, 'traces are sent again').length).toBe(1);
  expect(warnings()).toHaveLength(1);

  await collector[Symbol.asyncDispose]();
  await whileAsking(() => warnings().length).toBe(2);
  expect(await get(service)).toBe(401);
  expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('a collector that is frozen does not hold up the stop', async () => {
  await using collector = await startCollector();
  collector.mode = 'freeze';
  const service = await startService({
    ...database.variables,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  expect(await get(service)).toBe(401);
  const startedAt = performance.now();
  expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(performance.now() - startedAt).toBeLessThan(6_000);
  expect(linesWith(service, 'traces cannot be sent')).toHaveLength(1);
});
