import { noTracing, type Tracing } from './tracing.ts';
import type { TracingOptions } from './tracing-options.ts';

/** Traces to the collector that is named, or none. @NOTE only then is the SDK of OpenTelemetry loaded. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { disabled, endpoint } = options;
  if (disabled || endpoint === undefined) {
    return noTracing;
  }
  const { createTracing } = await import('./create-tracing.ts');
  return createTracing({ ...options, endpoint });
}
