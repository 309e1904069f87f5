import { expect, test } from 'vitest';
import { secretTexts } from './secret-texts.ts';

test.each([
  [{ METADATA_POSTGRES_DSN: 'postgresql://u:p%40ss%2Fword@db/x' }, ['p%40ss%2Fword', 'p@ss/word']],
  [{ METADATA_REDIS_URL: 'redis://:only-a-password@cache:6379' }, ['only-a-password']],
  [{ METADATA_JWT_SECRET: 'too short' }, ['too short']],
  [{ METADATA_OPERATOR_TOKEN: 'x' }, ['x']],
  [{ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=one,x-key=two%20too' }, ['one', 'two too']],
  [{ AWS_SECRET_ACCESS_KEY: 'not-ours-but-secret' }, ['not-ours-but-secret']],
])('%j', (env, expected) => {
  expect(secretTexts({ env })).toEqual(expect.arrayContaining(expected));
});

test('what is no secret is none', () => {
  expect(secretTexts({ env: { METADATA_PORT: '8080', METADATA_ACCESS_TOKEN_TTL: '3600' } })).toEqual([]);
});

test('those in files are read', () => {
  const env = { METADATA_JWT_SECRET_FILE: '/run/secrets/jwt' };
  const readFile = (path: string): string => {
    if (path !== '/run/secrets/jwt') {
      throw Object.assign(new Error('no'), { code: 'ENOENT' });
    }
    return 'from-a-file\n';
  };
  expect(secretTexts({ env, readFile })).toContain('from-a-file');
});
