import type { Logger } from '../observability/logger.ts';
import type { SamplerName } from './sampler.ts';

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
