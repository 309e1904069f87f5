import { createHash } from 'node:crypto';
import { type Context, ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { type SamplerName, samplerOf } from './sampler.ts';

const traceIds = Array.from({ length: 400 }, (_, index) =>
  createHash('sha256').update(String(index)).digest('hex').slice(0, 32),
);
const calledBy = (traceFlags: TraceFlags): Context =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: '1'.repeat(32),
    spanId: '2'.repeat(16),
    traceFlags,
    isRemote: true,
  });

/** The share of traces that are kept. */
function kept(name: SamplerName, context: Context): number {
  const sampler = samplerOf(name, 0.25);
  const decisions = traceIds.map(
    (traceId) => sampler.shouldSample(context, traceId, 'GET', SpanKind.SERVER, {}, []).decision,
  );
  return decisions.filter((each) => each === SamplingDecision.RECORD_AND_SAMPLED).length / traceIds.length;
}

describe('samplerOf', () => {
  it.each<[SamplerName, { alone: number; sampled: number; unsampled: number }]>([
    ['always_on', { alone: 1, sampled: 1, unsampled: 1 }],
    ['always_off', { alone: 0, sampled: 0, unsampled: 0 }],
    ['traceidratio', { alone: 0.25, sampled: 0.25, unsampled: 0.25 }],
    ['parentbased_always_on', { alone: 1, sampled: 1, unsampled: 0 }],
    ['parentbased_always_off', { alone: 0, sampled: 1, unsampled: 0 }],
    ['parentbased_traceidratio', { alone: 0.25, sampled: 1, unsampled: 0 }],
  ])('%s keeps %o', (name, expected) => {
    expect(kept(name, ROOT_CONTEXT)).toBeCloseTo(expected.alone, 1);
    expect(kept(name, calledBy(TraceFlags.SAMPLED))).toBeCloseTo(expected.sampled, 1);
    expect(kept(name, calledBy(TraceFlags.NONE))).toBeCloseTo(expected.unsampled, 1);
  });
});
