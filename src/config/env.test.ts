import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEnvironment, processSource, serviceSource } from './env.ts';
import { files } from './files.fixture.ts';

const port = { name: 'METADATA_PORT', secret: false };
const secret = { name: 'METADATA_JWT_SECRET', secret: true };

describe('openEnvironment', () => {
  it('lets the process environment win over .env', () => {
    const readFile = files({ '.env': 'METADATA_PORT=1\n' });
    const both = openEnvironment({ env: { METADATA_PORT: '2' }, readFile });
    expect(both.lookUp(port)).toEqual({ state: 'given', text: '2', origin: 'environment' });
    const filed = openEnvironment({ env: {}, readFile });
    expect(filed.lookUp(port)).toEqual({ state: 'given', text: '1', origin: '.env' });
  });

  it('counts an empty variable as unset', () => {
    const readFile = files({ '.env': 'METADATA_PORT=1\nMETADATA_HOST=\n' });
    const environment = openEnvironment({ env: { METADATA_PORT: '', METADATA_DEBUG: '' }, readFile });
    expect(environment.lookUp(port)).toEqual({ state: 'given', text: '1', origin: '.env' });
    expect(environment.names).toEqual(['METADATA_PORT']);
    expect(openEnvironment({ env: { METADATA_PORT: '' } }).lookUp(port)).toEqual({ state: 'unset' });
  });

  it('reads a secret from its file, without the line breaks at its end', () => {
    const environment = openEnvironment({
      env: { METADATA_JWT_SECRET_FILE: '/run/secrets/jwt' },
      readFile: files({ '/run/secrets/jwt': '\uFEFF the secret \r\n\n' }),
    });
    expect(environment.lookUp(secret)).toEqual({
      state: 'given',
      text: ' the secret ',
      origin: 'file /run/secrets/jwt',
    });
    expect(environment.faults).toEqual([]);
  });

  it('reads the path of a file from .env too', () => {
    const readFile = files({ '.env': 'METADATA_JWT_SECRET_FILE=jwt\n', jwt: 'x' });
    expect(openEnvironment({ env: {}, readFile }).lookUp(secret)).toMatchObject({
      text: 'x',
      origin: 'file jwt',
    });
  });

  it('takes no file for what is no secret', () => {
    const environment = openEnvironment({
      env: { METADATA_PORT_FILE: '/x' },
      readFile: files({ '/x': '1' }),
    });
    expect(environment.lookUp(port)).toEqual({ state: 'unset' });
  });

  it.each([
    ['ENOENT', 'there is no such file'],
    ['EACCES', 'this user may not read the file'],
    ['EISDIR', 'that is a folder, not a file'],
    ['ENAMETOOLONG', 'the file cannot be read (ENAMETOOLONG)'],
  ])('reports a file that fails with %s, without its path', (code, words) => {
    const environment = openEnvironment({
      env: { METADATA_JWT_SECRET_FILE: 'canary' },
      readFile: files({ canary: Object.assign(new Error('open canary'), { code }) }),
    });
    expect(environment.lookUp(secret)).toEqual({ state: 'faulty' });
    expect(environment.faults).toEqual([
      `METADATA_JWT_SECRET_FILE: ${words}; give the path of a file that holds the value`,
    ]);
  });

  it('reports an empty file', () => {
    const environment = openEnvironment({
      env: { METADATA_JWT_SECRET_FILE: 'f' },
      readFile: files({ f: '\n' }),
    });
    expect(environment.lookUp(secret)).toEqual({ state: 'faulty' });
    expect(environment.faults).toEqual([
      'METADATA_JWT_SECRET_FILE: the file is empty; write the value into it',
    ]);
  });

  it('reports a variable set beside its file, once', () => {
    const environment = openEnvironment({
      env: { METADATA_JWT_SECRET: 'canary' },
      readFile: files({ '.env': 'METADATA_JWT_SECRET_FILE=jwt\n', jwt: 'x' }),
    });
    environment.lookUp(secret);
    environment.lookUp(secret);
    expect(environment.faults).toEqual([
      'METADATA_JWT_SECRET: both METADATA_JWT_SECRET (environment) and METADATA_JWT_SECRET_FILE (.env) are set; ' +
        'unset one of them',
    ]);
  });

  it('has no files and keeps nothing where only a record is given', () => {
    const environment = openEnvironment({ env: {} });
    expect(environment.faults).toEqual([]);
    expect(environment.jwtSecretIn('/nowhere')).not.toBe(environment.jwtSecretIn('/nowhere'));
  });
});

describe('processSource and serviceSource', () => {
  it('look for the secret of a service, and make it', () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'brownie-env-'));
    expect(processSource().jwtSecretIn?.(folder.path)).toBeUndefined();
    const made = serviceSource().jwtSecretIn?.(folder.path);
    expect(made).toHaveLength(64);
    expect(processSource().jwtSecretIn?.(folder.path)).toBe(made);
  });

  it('is a copy of the process environment, with the disk', () => {
    const source = processSource();
    expect(source.env['PATH']).toBe(process.env['PATH']);
    expect(source.env === process.env).toBe(false);
    expect(source.readFile?.('package.json')).toContain('brownie');
  });
});
