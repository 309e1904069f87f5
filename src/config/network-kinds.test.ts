import { describe, expect, it } from 'vitest';
import { addressList, contactList, listenHost, originList } from './network-kinds.ts';

describe('listenHost', () => {
  it.each(['0.0.0.0', '127.0.0.1', '::', '::1', 'localhost', 'api.example.com', 'api-1'])(
    'accepts %s',
    (host) => {
      expect(listenHost().parse(host)).toEqual({ ok: true, value: host });
    },
  );

  it.each(['http://0.0.0.0', '0.0.0.0:8080', '256.0.0.1', '[::]', 'a b', '-a', 'a..b', '*', ' ', '1234'])(
    'refuses %j',
    (host) => {
      expect(listenHost().parse(host)).toMatchObject({
        ok: false,
        fault: expect.stringContaining('is neither'),
      });
    },
  );
});

describe('originList', () => {
  it.each([
    'https://app.example.com',
    'http://localhost:3000',
    'https://[::1]:8443',
    'https://xn--bcher-kva.example',
  ])('accepts %s', (origin) => {
    expect(originList().parse(JSON.stringify([origin]))).toEqual({ ok: true, value: [origin] });
  });

  it.each(['*', 'null'])('never accepts %s', (origin) => {
    expect(originList().parse(JSON.stringify(['https://a.example', origin]))).toMatchObject({
      ok: false,
      fault: expect.stringContaining('list the exact origins'),
    });
  });

  it.each([
    '*.example.com',
    'https://*.example.com',
    'app.example.com',
    'ftp://a.example',
    'file:///',
    '',
    'https://',
  ])('refuses %j', (origin) => {
    expect(originList().parse(JSON.stringify([origin]))).toMatchObject({
      ok: false,
      fault: expect.stringContaining('is not an exact origin; write it like https://app.example.com'),
    });
  });

  it.each([
    ['https://a.example/', 'https://a.example'],
    ['https://A.example', 'https://a.example'],
    ['https://a.example:443', 'https://a.example'],
    ['https://a.example/path?x', 'https://a.example'],
    ['https://user:pw@a.example', 'https://a.example'],
    [' https://a.example', 'https://a.example'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('says how to write %s', (origin, exact) => {
    expect(originList().parse(JSON.stringify([origin]))).toMatchObject({
      ok: false,
      fault: expect.stringContaining(`is not an exact origin; write "${exact}"`),
    });
  });
});

describe('addressList', () => {
  it.each(['127.0.0.1', '10.0.0.0/8', '192.0.2.1/32', '::1', 'fd00::/8', '2001:db8::1/128'])(
    'accepts %s',
    (item) => {
      expect(addressList().parse(JSON.stringify([item]))).toEqual({ ok: true, value: [item] });
    },
  );

  it.each([
    'proxy.example.com',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '::1/129',
    'fe80::1%eth0',
    'loopback',
    '',
    '/8',
    '*',
    ' 10.0.0.1',
  ])('refuses %j', (item) => {
    expect(addressList().parse(JSON.stringify([item]))).toMatchObject({
      ok: false,
      fault: expect.stringContaining('is neither an IP address nor a network'),
    });
  });

  it.each(['0.0.0.0/0', '::/0'])('refuses %s, which is everybody', (item) => {
    expect(addressList().parse(JSON.stringify([item]))).toMatchObject({
      ok: false,
      fault: expect.stringContaining('from anybody'),
    });
  });
});

describe('contactList', () => {
  it.each(['mailto:security@example.com', 'https://example.com/report'])('accepts %s', (contact) => {
    expect(contactList().parse(JSON.stringify([contact]))).toEqual({ ok: true, value: [contact] });
  });

  it.each(['security@example.com', 'http://example.com', 'mailto:nobody', 'https://a b', 'tel:+1', ''])(
    'refuses %j',
    (contact) => {
      expect(contactList().parse(JSON.stringify([contact]))).toMatchObject({
        ok: false,
        fault: expect.stringContaining('write it like mailto:'),
      });
    },
  );
});
