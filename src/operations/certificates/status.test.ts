import { expect, test } from 'vitest';
import { type CertificateRow, type Found, fault } from './certificate-sources.ts';
import { merge } from './status.ts';

const row = (name: string, source: string, more: Partial<CertificateRow> = {}): CertificateRow => ({
  ...{ name, source, subject: `CN=${name}`, names: '', serial: '01', fingerprint: name },
  ...{ notBefore: new Date('2026-01-01'), notAfter: new Date('2026-12-31'), daysLeft: 200 },
  ...more,
});
const found = (...certificates: CertificateRow[]): Found => ({ certificates, findings: [] });
const wordsIn = ({ findings }: Found) => findings.map(({ words }) => words);

test('a file that is named twice is shown once, with all that it holds', () => {
  const [newer, older] = [row('ca', '/c/ca.crt'), row('ca', '/c/ca.crt', { serial: '02' })];
  const { certificates } = merge(
    [found(newer, older), found(newer, older), found(row('client', '/d'))],
    undefined,
    [],
  );
  expect(certificates.map(({ source, serial }) => [source, serial])).toEqual([
    ['/c/ca.crt', '01'],
    ['/c/ca.crt', '02'],
    ['/d', '01'],
  ]);
});

test('what is wrong with such a file is said once', () => {
  const broken = { certificates: [], findings: [fault('/c/ca.crt cannot be used')] };
  expect(wordsIn(merge([broken, broken], undefined, []))).toEqual(['/c/ca.crt cannot be used']);
});

test('the server shows another certificate than its file', () => {
  const file = found(row('server', '/c/server.crt', { fingerprint: 'a' }));
  const live = (fingerprint: string) => found(row('live server', 'db:5432', { fingerprint }));
  expect(merge([file], live('a'), []).findings).toEqual([]);
  expect(merge([], live('b'), []).findings).toEqual([]);
  expect(merge([file], live('b'), []).findings).toEqual([
    {
      isFault: false,
      words: expect.stringMatching(/^The server at db:5432 shows another certificate than \/c\/server.crt/),
    },
  ]);
});

test.each([
  ['client', 30, undefined],
  ['client', 29, [false, 'ends in 29 days: brownie certs rotate client']],
  ['live server', 0, [false, 'ends in 0 days: brownie certs rotate server']],
  ['https', 3, [false, 'ends in 3 days: replace it']],
  ['ca', -1, [true, 'ended on 2026-12-31T00:00:00.000Z: replace it']],
])('the %s with %i days left: %s', (name, daysLeft, finding) => {
  const { findings } = merge([found(row(name, '/c/x.crt', { daysLeft }))], undefined, []);
  expect(findings.map(({ isFault, words }) => [isFault, words])).toEqual(
    finding === undefined ? [] : [[finding[0], `The ${name} certificate of /c/x.crt ${finding[1]}`]],
  );
});
