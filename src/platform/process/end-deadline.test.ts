import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdToPromise } from './end-deadline.ts';

const module = JSON.stringify(join(import.meta.dirname, 'end-deadline.ts'));

/** A child that runs this code after it can promise, and how it ended. */
async function endOf(code: string): Promise<{ end: unknown; late: readonly number[] }> {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', `import { promiseEnd } from ${module}; ${code}`],
    { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  );
  const late: number[] = [];
  holdToPromise(child, (seconds) => late.push(seconds));
  const [status, signal] = await once(child, 'exit');
  return { end: { status, signal }, late };
}

test('a child that hangs at its end, whatever in, is killed when it had promised to be gone', async () => {
  const hang = 'process.on("exit", () => { for (;;); }); promiseEnd(200); process.exit(0);';
  expect(await endOf(hang)).toEqual({ end: { status: null, signal: 'SIGKILL' }, late: [0.2] });
});

test('its last promise holds, and one that ends in time is left alone', async () => {
  // @NOTE the first is long enough for the second to arrive in time on a machine that is busy, and shorter than the child lives.
  const ends = 'promiseEnd(2_000); promiseEnd(600_000); setTimeout(() => process.exit(3), 2_500);';
  const { end, late } = await endOf(ends);
  expect([end, late]).toEqual([{ status: 3, signal: null }, []]);
});
