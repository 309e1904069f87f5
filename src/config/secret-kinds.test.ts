import { describe, expect, it } from 'vitest';
import { postgresDsn, secretText } from './secret-kinds.ts';

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

describe('postgresDsn', () => {
  it.each([
    'postgres://db',
    'postgresql://user:pw@db.example.com:5432/brownie',
    'postgresql://u@db/d?sslmode=verify-full&sslcert=/c/client.crt&sslkey=/c/client.key&sslrootcert=/c/ca.crt',
    'postgresql://user:p%40ss@[::1]:5432/brownie',
    'postgresql:///brownie?host=/var/run/postgresql',
    'postgresql://user:pw@/brownie?host=/var/run/postgresql',
    'postgresql://%2Fvar%2Frun%2Fpostgresql/brownie',
    'POSTGRES://db',
  ])('passes %s through untouched', (dsn) => {
    expect(postgresDsn().parse(dsn)).toEqual({ ok: true, value: dsn });
  });

  it.each([
    'mysql://canary@db',
    'postgresql+psycopg2://canary@db/d',
    'canary',
    'host=db password=canary',
    'postgres://',
  ])('refuses %s without quoting it', (dsn) => {
    const parsed = postgresDsn().parse(dsn);
    expect(parsed).toMatchObject({
      ok: false,
      fault: expect.stringContaining('does not begin with postgres://'),
    });
    expect(JSON.stringify(parsed)).not.toContain('canary');
  });

  it.each([
    'postgres://u:canary@h:port/d',
    'postgres://u:ca/nary@h/d',
    'postgres://canary@h:99999/d',
    'postgres://u:canary#@h/d',
  ])('refuses the broken %s without quoting it', (dsn) => {
    const parsed = postgresDsn().parse(dsn);
    expect(parsed).toMatchObject({ ok: false, fault: expect.stringContaining('percent-encode') });
    expect(JSON.stringify(parsed)).not.toMatch(/canary|nary/);
  });

  it('shows host, port and database, neither user nor password nor parameters', () => {
    const shown = postgresDsn().format(
      'postgresql://canary:canary@db.example.com:5432/brownie?password=canary',
    );
    expect(shown).toMatch(/^postgresql:\/\/\*{8}@db\.example\.com:5432\/brownie \(sha256 [0-9a-f]{8}\)$/);
  });

  it.each([
    'postgres://u:12/canary@h/d',
    'postgres://u:12?canary@h/d',
    'postgres://u:12#canary@h/d',
    'postgres://u:pw@canary@h/d',
    'postgres://canary:1234',
    'postgres://u@h/d?password=can@ary',
  ])('shows nothing of %s, where a password may pass for a host', (dsn) => {
    expect(postgresDsn().format(dsn)).toMatch(/^\*{8} \(sha256 [0-9a-f]{8}\)$/);
  });
});
