import { expect, test } from 'vitest';
import { nameInMail } from './mail.ts';
import { MailSeal } from './mail-seal.ts';

test('a sealed mail is opened under its id and a secret that is known, and in no other way', () => {
  const seal = new MailSeal(['first', 'second']);
  const sealed = seal.seal('Good morning', 'a');
  expect(sealed).not.toContain(Buffer.from('Good morning').toString('base64').slice(0, 8));
  expect(seal.seal('Good morning', 'a')).not.toBe(sealed);
  expect(seal.open(sealed, 'a')).toBe('Good morning');
  expect(new MailSeal(['third', 'first']).open(sealed, 'a')).toBe('Good morning');
  expect([
    seal.open(sealed, 'b'),
    new MailSeal(['second']).open(sealed, 'a'),
    seal.open(`${sealed.slice(0, -8)}AAAAAAA=`, 'a'),
    seal.open('', 'a'),
  ]).toEqual([undefined, undefined, undefined, undefined]);
});

test.each([
  ['Acme Operations', 'Acme Operations'],
  ['Ärzte & Söhne', 'Ärzte & Söhne'],
  ['Win at https://evil.example/x?y', 'Win at https evil example x y'],
  ['two\r\n\r\nYour token: 1', 'two Your token 1'],
  ['x'.repeat(300), 'x'.repeat(100)],
])('of the name %j a mail holds what leads nowhere', (name, shown) => {
  expect(nameInMail(name)).toBe(shown);
});
