import { flag, oneOf, text } from './kinds.ts';
import { optionalSetting, setting } from './setting.ts';
import { keyPairs, otlpUrl, secretKeyPairs, shareOfOne } from './tracing-kinds.ts';

const section = 'tracing';

/** The samplers of the OpenTelemetry specification that need no other service. */
export const samplers = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio',
] as const;

/** Names, meanings and defaults: OpenTelemetry specification, "Environment variables" and "OTLP exporter". */
export const tracingSettings = {
  otlpEndpoint: optionalSetting(otlpUrl(), {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    section,
    absent: 'not set: no traces',
    description:
      'The OpenTelemetry collector that spans go to, as JSON over HTTP; `/v1/traces` is added. Without it and ' +
      '`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` the SDK of OpenTelemetry is not even loaded.',
    example: 'http://collector.example.com:4318',
  }),
  otlpTracesEndpoint: optionalSetting(otlpUrl(), {
    name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    section,
    absent: 'not set',
    description: 'The same, taken as it is written; wins over `OTEL_EXPORTER_OTLP_ENDPOINT`.',
    example: 'https://collector.example.com/traces',
  }),
  otlpHeaders: optionalSetting(secretKeyPairs(), {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    section,
    absent: 'not set',
    description: 'Headers sent to the collector: `name=value` with commas between, percent-encoded.',
    example: 'authorization=Bearer%20kX9vB2',
  }),
  otlpTracesHeaders: optionalSetting(secretKeyPairs(), {
    name: 'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
    section,
    absent: 'not set',
    description: 'More of them; one of the same name wins over `OTEL_EXPORTER_OTLP_HEADERS`.',
    example: 'x-tenant=operations',
  }),
  otelServiceName: optionalSetting(text('any text'), {
    name: 'OTEL_SERVICE_NAME',
    section,
    absent: 'brownie-metadata-api',
    description: 'The name of the service in traces; wins over `service.name` of `OTEL_RESOURCE_ATTRIBUTES`.',
    example: 'brownie-staging',
  }),
  otelResourceAttributes: optionalSetting(keyPairs(), {
    name: 'OTEL_RESOURCE_ATTRIBUTES',
    section,
    absent: 'not set',
    description: 'What else each span says of where it was made.',
    example: 'deployment.environment.name=staging,cloud.region=eu-west-1',
  }),
  tracesSampler: setting(oneOf(samplers), {
    name: 'OTEL_TRACES_SAMPLER',
    section,
    default: 'parentbased_always_on',
    description: 'Which traces are kept. `parentbased_…` follows a caller who has decided already.',
    example: 'parentbased_traceidratio',
  }),
  tracesSamplerShare: setting(shareOfOne(), {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    section,
    default: 1,
    description: 'The share of traces that a sampler with `traceidratio` keeps.',
    example: '0.1',
  }),
  otelDisabled: setting(flag(), {
    name: 'OTEL_SDK_DISABLED',
    section,
    default: false,
    description: '`true` turns traces off, whatever else is set.',
    example: 'true',
  }),
};
