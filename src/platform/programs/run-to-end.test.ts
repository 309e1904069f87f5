import { afterEach, expect, test, vi } from 'vitest';
import { runFile, runToEnd } from './run-to-end.ts';

const sh = (script: string, options = {}) => runToEnd('sh', ['-c', script], options);

afterEach(() => vi.unstubAllEnvs());

test('exit code, signal and all that was written are answers', async () => {
  expect(await sh('echo out; echo err >&2; exit 3')).toEqual({
    code: 3,
    signal: null,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect(await sh('kill -9 $$')).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test('what is given is read to its end, and a program that does not care for it is no fault', async () => {
  expect((await sh('cat', { input: 'given' })).stdout).toBe('given');
  expect((await sh('cat')).stdout).toBe('');
  expect((await sh('exec 0<&-; echo done', { input: 'x'.repeat(1_000_000) })).stdout).toBe('done\n');
});

test('a program works in the folder of its own and sees nothing of the environment of the service', async () => {
  vi.stubEnv('METADATA_JWT_SECRET', 'canary');
  const { stdout } = await sh('pwd; env', { environment: { PGPORT: '5432' } });
  expect(stdout).toMatch(/^\/\n/);
  expect(stdout).toContain('PGPORT=5432\n');
  expect(stdout).not.toContain('canary');
});

test('a program that is not there is told', async () => {
  await expect(runToEnd('brownie-no-such-program', [])).rejects.toThrow('is not installed');
  await expect(runFile('/no/such/program', [])).rejects.toThrow('ENOENT');
});
