import { describe, expect, it } from 'vitest';
import { readDotenv } from './files.ts';

function failing(code: string): () => never {
  return () => {
    throw Object.assign(new Error('canary'), { code });
  };
}

describe('readDotenv', () => {
  it('reads variables, quotes, comments and a byte order mark', () => {
    const text =
      '\uFEFFMETADATA_PORT=1\n# METADATA_HOST=x\nexport METADATA_DEBUG=true # why\nMETADATA_A="x # y"\r\nMETADATA_B=\n';
    expect(readDotenv(() => text)).toEqual({
      values: { METADATA_PORT: '1', METADATA_DEBUG: 'true', METADATA_A: 'x # y', METADATA_B: '' },
      faults: [],
    });
  });

  it('takes a missing file for none', () => {
    expect(readDotenv(failing('ENOENT'))).toEqual({ values: {}, faults: [] });
  });

  it.each([
    ['EACCES', '.env: this user may not read the file; correct that or remove the file'],
    ['EISDIR', '.env: that is a folder, not a file; correct that or remove the file'],
    ['EIO', '.env: the file cannot be read (EIO); correct that or remove the file'],
  ])('reports %s', (code, fault) => {
    expect(readDotenv(failing(code)).faults).toEqual([fault]);
  });

  it('reports a line that would be dropped', () => {
    expect(readDotenv(() => 'METADATA_PORT: 8080\nOTHER: 1\n  METADATA_HOST\n').faults).toEqual([
      '.env: the line of METADATA_PORT cannot be read; write METADATA_PORT=value',
      '.env: the line of METADATA_HOST cannot be read; write METADATA_HOST=value',
    ]);
  });

  it('reports a value that would be cut at a #, without quoting it', () => {
    expect(readDotenv(() => 'METADATA_JWT_SECRET=canary#canary\n').faults).toEqual([
      '.env: the value of METADATA_JWT_SECRET has a # that would begin a comment; put quotes around the value',
    ]);
    expect(readDotenv(() => "METADATA_A='a#b'\nMETADATA_B=b # c#d\nMETADATA_C=#c\n").faults).toEqual([]);
  });
});
