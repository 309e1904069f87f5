import { expect, test } from 'vitest';
import type { Kind } from './kinds.ts';
import { serviceUrl } from './network-kinds.ts';
import { ageRecipient, s3Url } from './settings-backup.ts';

const recipient = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';

test.each<[Kind<string>, string, string]>([
  [s3Url(), 's3://acme-backups/brownie/', 's3://acme-backups/brownie'],
  [s3Url(), ' s3://acme-backups', 's3://acme-backups'],
  [serviceUrl(), 'https://minio.example.com:9000', 'https://minio.example.com:9000'],
  [ageRecipient(), ` ${recipient}`, recipient],
])('%# reads %s', (kind, text, value) => {
  expect(kind.parse(text)).toEqual({ ok: true, value });
});

test.each<[Kind<string>, string]>([
  [s3Url(), 'https://acme-backups.s3.amazonaws.com'],
  [s3Url(), 's3://A'],
  [s3Url(), 's3://acme-backups/a b'],
  [serviceUrl(), 'minio.example.com:9000'],
  [serviceUrl(), 'https://user:canary@minio.example.com'],
  [ageRecipient(), 'AGE-SECRET-KEY-1CANARY'],
  [ageRecipient(), recipient.slice(0, -1)],
])('%# refuses %s, and quotes no secret', (kind, text) => {
  const parsed = kind.parse(text);
  expect(parsed).toMatchObject({ ok: false, fault: expect.stringMatching(/;|write/) });
  expect(JSON.stringify(parsed)).not.toMatch(/canary/i);
});
