import { bad, flag, good, type Kind, oneOf, type Parsed, quote, text } from './kinds.ts';
import { maskedSecret } from './secret-kinds.ts';
import { optionalSetting, setting } from './setting.ts';

export type KeyPairs = Readonly<Record<string, string>>;

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

/** The URL of an OTLP receiver. Credentials belong into headers: this one is shown as it is. */
export function otlpUrl(): Kind<string> {
  return {
    expects: 'URL, `http://` or `https://`',
    secret: false,
    parse: (raw) => {
      const url = URL.parse(raw.trim());
      if (url === null || !/^https?:$/.test(url.protocol)) {
        // @NOTE not quoted: what cannot be read may hold a password.
        return bad('is not an http:// or https:// URL; write http://collector.example.com:4318');
      }
      if (url.username !== '' || url.password !== '' || url.search !== '') {
        return bad('holds credentials or a query; put them into OTEL_EXPORTER_OTLP_HEADERS');
      }
      return good(url.href);
    },
    format: (value) => value,
  };
}

/** `key=value,key=value`, percent-encoded, as W3C Baggage writes them. */
export function keyPairs(): Kind<KeyPairs> {
  return {
    expects: '`key=value` pairs with commas between',
    secret: false,
    parse: parsePairs,
    format: (pairs) =>
      Object.entries(pairs)
        .map((pair) => pair.map(encodeURIComponent).join('='))
        .join(','),
  };
}

/** The same where the values are secrets: shown as a mask. No fault quotes it. */
export function secretKeyPairs(): Kind<KeyPairs> {
  const kind = keyPairs();
  return { ...kind, secret: true, format: (pairs) => maskedSecret(kind.format(pairs)) };
}

function parsePairs(raw: string): Parsed<KeyPairs> {
  const pairs: Record<string, string> = {};
  for (const [index, item] of raw.split(',').entries()) {
    const [, key, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(item) ?? [];
    const decoded = key === undefined || value === undefined ? undefined : decode(key, value);
    if (decoded === undefined) {
      return bad(
        `pair ${index + 1} is not key=value; write key=value,key=value and percent-encode , = % and spaces`,
      );
    }
    pairs[decoded[0]] = decoded[1];
  }
  return good(pairs);
}

function decode(key: string, value: string): readonly [string, string] | undefined {
  try {
    return [decodeURIComponent(key), decodeURIComponent(value)];
  } catch {
    return undefined;
  }
}

/** A share from 0 to 1, both included. */
export function shareOfOne(): Kind<number> {
  return {
    expects: 'number from 0 to 1',
    secret: false,
    parse: (raw) => {
      const value = /^\d*\.?\d+$/.test(raw.trim()) ? Number(raw) : Number.NaN;
      return value >= 0 && value <= 1
        ? good(value)
        : bad(`${quote(raw)} is not a number from 0 to 1; give one such as 0.1`);
    },
    format: String,
  };
}
