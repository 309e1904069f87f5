import { expect, test } from 'vitest';
import { securityText } from './security-contact.ts';

test('whoever finds a fault is told whom to tell, and until when that is so', () => {
  const now = Date.parse('2026-11-30T16:00:00Z');
  expect(securityText(['mailto:security@example.com', 'https://example.com/report'], now)).toBe(
    'Contact: mailto:security@example.com\nContact: https://example.com/report\nExpires: 2027-05-30T00:00:00.000Z\n',
  );
});
