import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

type RootSampler = 'always_on' | 'always_off' | 'traceidratio';

/** The values of OTEL_TRACES_SAMPLER (OpenTelemetry specification) that need no other service. */
export type SamplerName = RootSampler | `parentbased_${RootSampler}`;

const prefix = 'parentbased_';

/** The sampler of a name. `share`, 0 to 1, is of traces that one by ratio keeps. */
export function samplerOf(name: SamplerName, share: number): Sampler {
  const roots: Readonly<Record<RootSampler, () => Sampler>> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(share),
  };
  return name.startsWith(prefix)
    ? new ParentBasedSampler({ root: roots[name.slice(prefix.length) as RootSampler]() })
    : roots[name as RootSampler]();
}
