import { describe, expect, it } from 'vitest';
import { allSettings, unknownNames } from './settings.ts';

function warningsFor(...names: string[]): string[] {
  return unknownNames(names, allSettings);
}

describe('unknownNames', () => {
  it('says nothing of known names, files of secrets and foreign names', () => {
    expect(
      warningsFor('METADATA_PORT', 'METADATA_JWT_SECRET_FILE', 'NODE_ENV', 'PATH', 'OTHER_METADATA_X'),
    ).toEqual([]);
  });

  it.each([
    ['METADATA_POSTGRES_DNS', 'METADATA_POSTGRES_DSN'],
    ['METADATA_POSTGRES_POOL_RECYCLE', 'METADATA_POSTGRES_POOL_RECYCLE_SECONDS'],
    ['METADATA_JWT_EXPIRE_MINUTES', 'METADATA_JWT_EXPIRES_MINUTES'],
    ['METADATA_CORS_ORIGIN', 'METADATA_CORS_ORIGINS'],
    ['METADATA_JWT_SECRETFILE', 'METADATA_JWT_SECRET_FILE'],
    ['metadata_port', 'METADATA_PORT'],
  ])('gives %s its nearest name', (name, nearest) => {
    expect(warningsFor(name)).toEqual([
      `${name}: is not a setting and does nothing; the nearest one is ${nearest}`,
    ]);
  });

  it('explains a file for what is no secret', () => {
    expect(warningsFor('METADATA_PORT_FILE')).toEqual([
      'METADATA_PORT_FILE: only a secret can come from a file, so this does nothing; set METADATA_PORT',
    ]);
  });
});
