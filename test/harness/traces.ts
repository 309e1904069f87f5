import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { createLogger } from '../../src/platform/observability/logger.ts';
import { openTracing } from '../../src/platform/tracing/open-tracing.ts';
import type { Tracing } from '../../src/platform/tracing/tracing.ts';
import type { Collector, ReceivedSpan } from './collector.ts';

/** Who calls, with a span of their own. */
export interface TracedCaller {
  readonly traceId: string;
  readonly spanId: string;
  readonly headers: { readonly traceparent: string };
}

/** A caller whose span is sampled, or with `00` is not, and who says so as W3C Trace Context has it. */
export function newCaller(flags: '00' | '01' = '01'): TracedCaller {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, headers: { traceparent: `00-${traceId}-${spanId}-${flags}` } };
}

/** Every trace goes to `collector`, or as its caller has decided. */
export const tracingTo = (collector: Collector): Promise<Tracing> =>
  openTracing({
    disabled: false,
    endpoint: `${collector.url}/v1/traces`,
    headers: {},
    serviceName: undefined,
    serviceVersion: '1.2.3',
    resourceAttributes: { 'cloud.region': 'eu-west-1' },
    sampler: 'parentbased_always_on',
    share: 1,
    logger: createLogger({ level: 'ERROR', destination: process.stdout }),
  });

/** The span of a traced request and those in it, once it is there: it ends last. */
export async function spansOf(
  collector: Collector,
  traceId: string,
): Promise<{ server: ReceivedSpan; client: ReceivedSpan[] }> {
  const inTrace = (kind: number) =>
    collector.spans.filter((span) => span.traceId === traceId && span.kind === kind);
  await expect.poll(() => inTrace(2).length).toBe(1);
  const [server] = inTrace(2);
  expect(server).toBeDefined();
  return { server: server as ReceivedSpan, client: inTrace(3) };
}
