import { expect, test } from 'vitest';
import { emailsIn, erased, withoutPerson } from './personal-data.ts';

const emails = ['Ada.L+work@example.com'];

test('of an entry about the person goes every member that tells who they are', () => {
  const snapshot = { id: '1', email: emails[0], full_name: 'Ada', avatar_url: null, role: 'admin' };
  expect(withoutPerson(snapshot, { emails, isAboutThem: true })).toEqual({
    id: '1',
    email: erased,
    full_name: erased,
    avatar_url: null,
    role: 'admin',
  });
});

test('of another entry goes their address alone, however it is spelt, and nothing that is like it', () => {
  const snapshot = {
    full_name: 'Ada',
    tags: ['ada.l+work@EXAMPLE.com', 'ada-l+work@example.com'],
    note: { text: `ask <${emails[0]}> or adaXl+work@example.com` },
    owners: { [`${emails[0]}`]: 'on call', [`x${emails[0]}`]: 'another' },
    others: [`x.${emails[0]}`, `${emails[0]}.org`, `${emails[0]}.`],
    n: 1.5,
    none: null,
  };
  expect(withoutPerson(snapshot, { emails, isAboutThem: false })).toEqual({
    full_name: 'Ada',
    tags: [erased, 'ada-l+work@example.com'],
    note: { text: `ask <${erased}> or adaXl+work@example.com` },
    owners: { [erased]: 'on call', [`x${emails[0]}`]: 'another' },
    others: [`x.${emails[0]}`, `${emails[0]}.org`, `${erased}.`],
    n: 1.5,
    none: null,
  });
  expect(withoutPerson(null, { emails, isAboutThem: true })).toBeNull();
});

test('addresses are what has an @', () => {
  expect(emailsIn({ email: 'a@example.com', verified_email: null, user_name: 'ada' })).toEqual([
    'a@example.com',
  ]);
  expect(emailsIn(null)).toEqual([]);
});
