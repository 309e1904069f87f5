import { flag, oneOf, text, wholeNumber } from './kinds.ts';
import { addressList, contactList, listenHost, originList } from './network-kinds.ts';
import { optionalSetting, setting } from './setting.ts';

export const environments = ['development', 'test', 'production'] as const;
export const logLevels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

export const serviceSettings = {
  nodeEnv: optionalSetting(text('any text'), {
    name: 'NODE_ENV',
    section: 'service',
    absent: 'not set',
    description: '`production` makes this a production service, as `METADATA_ENVIRONMENT=production` does.',
    example: 'production',
  }),
  environment: setting(oneOf(environments), {
    name: 'METADATA_ENVIRONMENT',
    section: 'service',
    default: 'development',
    under: { 'node-production': 'production' },
    description: 'Where the service runs. `production` turns on the rules of [production](#production).',
    example: 'production',
  }),
  logLevel: setting(oneOf(logLevels), {
    name: 'METADATA_LOG_LEVEL',
    section: 'service',
    default: 'INFO',
    under: { debug: 'DEBUG' },
    description:
      'The lowest level that is logged, in any case. Changes while the service runs: write it into `.env`, then send SIGHUP.',
    example: 'warning',
  }),
  debug: setting(flag(), {
    name: 'METADATA_DEBUG',
    section: 'service',
    default: false,
    description:
      'Lowers the log level to `DEBUG` unless `METADATA_LOG_LEVEL` says otherwise. Refused in production.',
    example: 'true',
  }),
  compatibility: optionalSetting(oneOf(['v1']), {
    name: 'METADATA_COMPATIBILITY',
    section: 'service',
    absent: 'not set',
    description: 'The profile for moving existing clients over: see [the v1 profile](#the-v1-profile).',
    example: 'v1',
  }),
};

export const httpSettings = {
  host: setting(listenHost(), {
    name: 'METADATA_HOST',
    section: 'http',
    default: '0.0.0.0',
    under: { embedded: '127.0.0.1' },
    description: 'The address to listen on.',
    example: '::',
  }),
  port: setting(wholeNumber({ min: 0, max: 65_535 }), {
    name: 'METADATA_PORT',
    section: 'http',
    default: 8080,
    description: 'The port to listen on; `0` takes a free one.',
    example: '9090',
  }),
  corsOrigins: setting(originList(), {
    name: 'METADATA_CORS_ORIGINS',
    section: 'http',
    default: [],
    description:
      'The browser origins that may call the API: scheme, host and port as a browser sends them. ' +
      '`*` and `null` are refused.',
    example: '["https://app.example.com"]',
  }),
  tlsCertFile: optionalSetting(text('file'), {
    name: 'METADATA_TLS_CERT_FILE',
    section: 'http',
    absent: 'not set: plain HTTP',
    description:
      'The certificate of the service, and those between it and an authority, in PEM form: with it every port of the ' +
      'service speaks HTTPS. What is replaced in the file takes effect within seconds, without a restart.',
    example: '/etc/brownie/tls/tls.crt',
  }),
  tlsKeyFile: optionalSetting(text('file'), {
    name: 'METADATA_TLS_KEY_FILE',
    section: 'http',
    absent: 'not set: plain HTTP',
    description: 'The key of METADATA_TLS_CERT_FILE, in PEM form without a passphrase.',
    example: '/etc/brownie/tls/tls.key',
  }),
  trustedProxies: setting(addressList(), {
    name: 'METADATA_TRUSTED_PROXIES',
    section: 'http',
    default: [],
    description:
      'The proxies whose `X-Forwarded-For` is believed. Behind a load balancer, list its addresses: ' +
      'else every client counts as one address. A network of every address (`/0`) is refused. Name ' +
      'proxies alone: a client in one of these networks can pass for any address, one that `METADATA_OPS_ALLOWED_ADDRESSES` lets in included.',
    example: '["10.0.0.0/8"]',
  }),
  securityContacts: setting(contactList(), {
    name: 'METADATA_SECURITY_CONTACT',
    section: 'http',
    default: [],
    description:
      'Whom to tell of a fault in security, the preferred address first: `/.well-known/security.txt` names them (RFC 9116).',
    example: '["mailto:security@example.com"]',
  }),
};
