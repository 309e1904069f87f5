import fc from 'fast-check';

const targets = [
  '/api/v1/auth/me',
  '/api/v1/auth/login',
  '/health',
  '/metrics',
  '/',
  '*',
  '//',
  '/api/v1/../../etc/passwd',
  '/api/v1/%2e%2e/metrics',
  '/api/v1/auth/me%00',
  '/api/v1/auth/me%ff%fe',
  '/api/v1/auth/%6de',
  '/api/v1//auth/me',
  '/api/v1/auth/me/',
  '/api/v1/auth/me;jsessionid=1',
  '/api/v1/auth/me#fragment',
  '/api/v1/auth/me?a=%zz&%00=1',
  'http://127.0.0.1/api/v1/auth/me',
  'http://evil.example.com/api/v1/auth/me',
  '127.0.0.1:443',
  `/api/v1/${'a'.repeat(9_000)}`,
  '/api/v1/auth/me\u00ff',
];
const methods = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PATCH',
  'get',
  'PROPFIND',
  'QUERY',
  'X',
  '',
  'GE T',
];
const versions = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/1.2', 'http/1.1', 'HTTP/1.1 ', ''];
const headers = [
  'Host: 127.0.0.1',
  'Host: 127.0.0.1',
  'Host: 127.0.0.1',
  'Host: evil.example.com',
  'Host:',
  'host : 127.0.0.1',
  'Connection: close',
  'Connection: keep-alive, upgrade',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
  'Content-Type: application/json',
  'Content-Type: application/json; charset=utf-16',
  'Content-Type: application/json\t',
  'Content-Type: a/b; c="d',
  'Content-Encoding: gzip',
  'Content-Length: 0',
  'Content-Length: 2',
  'Content-Length: 2, 2',
  'Content-Length: +2',
  'Content-Length: 0x2',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: Chunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding : chunked',
  'Expect: 100-continue',
  'Expect: 200-ok',
  'Authorization: Bearer',
  'Authorization: Bearer a b',
  'Authorization: Basic YTpi',
  'Authorization: Bearer \u00ff',
  'Cookie: a=b; c',
  'X-Request-ID: ../../x',
  'X-Request-ID: \u0001',
  'X-Forwarded-For: 127.0.0.1',
  'X-HTTP-Method-Override: DELETE',
  'If-Match: "1", "2"',
  'Idempotency-Key: \u00ff',
  'Accept: text/html;q=2, */*;q=x',
  'Accept-Encoding: gzip;q=nan',
  'Range: bytes=0-0,1-2,3-4',
  'traceparent: 00-zz-zz-01',
  'a'.repeat(300),
  `X-Long: ${'a'.repeat(20_000)}`,
  ' folded: header',
  ': no name',
  'N\u0000l: a',
  'Bare: a\rb',
  '__proto__: 1',
  'constructor: 1',
];
const bodies = [
  '',
  '{}',
  '2\r\n{}\r\n0\r\n\r\n',
  '2;x="\r\n{}\r\n0\r\n\r\n',
  'ffffffffffffffff1\r\n{}',
  '-1\r\n',
  '0\r\nHost: b\r\n\r\n',
  '\u0000',
  'GET /health HTTP/1.1\r\nHost: a\r\n',
];

/** A request as bytes, put together of pieces that are each wrong in a way of their own, and at times cut or spoiled. */
export const rawRequests: fc.Arbitrary<Buffer> = fc
  .record({
    method: fc.oneof(fc.constantFrom('GET', 'POST'), fc.constantFrom(...methods)),
    target: fc.constantFrom(...targets),
    version: fc.oneof({ weight: 4, arbitrary: fc.constant('HTTP/1.1') }, fc.constantFrom(...versions)),
    fields: fc.array(fc.constantFrom(...headers), { maxLength: 6 }),
    body: fc.constantFrom(...bodies),
    end: fc.oneof({ weight: 6, arbitrary: fc.constant('\r\n') }, fc.constantFrom('\n', '\r', '\r\r\n')),
    cut: fc.option(fc.nat(300), { freq: 8 }),
    noise: fc.option(fc.tuple(fc.nat(200), fc.nat(255)), { freq: 6 }),
  })
  .map(({ method, target, version, fields, body, end, cut, noise }) => {
    const head = [`${method} ${target} ${version}`, ...fields].map((line) => line + end).join('');
    const bytes = Buffer.from(`${head}${end}${body}`, 'latin1');
    if (noise !== null && bytes.length > 0) {
      bytes[noise[0] % bytes.length] = noise[1];
    }
    return cut === null ? bytes : bytes.subarray(0, cut);
  });

/** How many requests whoever reads them with good will may find in some bytes. */
export const requestsIn = (bytes: Buffer): number =>
  Math.max(1, bytes.toString('latin1').split(/HTTP\/\d/i).length - 1);
