import { expect, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { operatorBase } from './ask-service.ts';

test.each([
  ['http://api1:8080', undefined, 'http://api1:8080'],
  ['http://api1:8080', '9090', 'http://api1:9090'],
  ['https://[fd00::7]:8443', '9090', 'https://[fd00::7]:9090'],
  ['http://api1:9090', '9090', 'http://api1:9090'],
])('an instance at %s, with METADATA_OPS_PORT %s, takes orders at %s', (url, port, base) => {
  const config = loadConfig({ env: { METADATA_OPS_PORT: port } });
  expect(operatorBase(url, config)).toBe(base);
});
