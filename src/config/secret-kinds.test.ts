import { describe, expect, it } from 'vitest';
import { secretText } from './secret-kinds.ts';

describe('secretText', () => {
  it('takes a secret exactly as written', () => {
    expect(secretText('text').parse(' a secret ')).toEqual({ ok: true, value: ' a secret ' });
  });

  it('refuses blanks', () => {
    expect(secretText('text').parse('   ')).toEqual({
      ok: false,
      fault: 'is blank; give a value or unset it',
    });
  });

  it('shows the first 8 hex digits of the SHA-256 alone', () => {
    expect(secretText('text').format('abc')).toBe('******** (sha256 ba7816bf)');
  });
});
