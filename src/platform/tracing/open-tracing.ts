import type { Logger } from '../observability/logger.ts';
import type { SamplerName } from './sampler.ts';
import { noTracing, type Tracing } from './tracing.ts';

export interface TracingOptions {
  readonly disabled: boolean;
  /** Where spans are posted to, path included; `undefined`: there are no traces. */
  readonly endpoint: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined`: `service.name` of the resource attributes, or our own. */
  readonly serviceName: string | undefined;
  readonly serviceVersion: string;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  readonly sampler: SamplerName;
  /** Of traces that a sampler by ratio keeps, 0 to 1. */
  readonly share: number;
  readonly logger: Logger;
}

/** Traces to the collector that is named, or none. @NOTE only then is the SDK of OpenTelemetry loaded. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { disabled, endpoint } = options;
  if (disabled || endpoint === undefined) {
    return noTracing;
  }
  const { createTracing } = await import('./create-tracing.ts');
  return createTracing({ ...options, endpoint });
}
