import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { wrapLines } from './wrap-lines.ts';

/** What a stream of these pieces becomes; `level` is that of the last words. */
async function wrapped(pieces: readonly (string | Buffer)[], level: 'error' | 'critical' = 'error') {
  const lines: string[] = [];
  const stream = new PassThrough();
  const wrapping = wrapLines(stream, (line) => lines.push(line));
  for (const piece of pieces) {
    stream.write(piece);
  }
  stream.end();
  await wrapping.ended;
  wrapping.lastWords(level);
  return lines;
}
const own = { timestamp: expect.stringMatching(/Z$/), logger: 'brownie.process' };
const parsed = (lines: readonly string[]): unknown[] => lines.map((line) => JSON.parse(line));

test('a line that is a JSON object passes as it is', async () => {
  const line = '{"level":"info", "message":"a \\n b"}\n';
  expect(await wrapped([line, line])).toEqual([line, line]);
});

test('text that comes in one go is the message of one line', async () => {
  const lines = await wrapped(['Error: x\n    at y\n', '\n', '    at z']);
  expect(lines.map((line) => line.match(/\n/g)?.length)).toEqual([1]);
  expect(parsed(lines)).toEqual([{ ...own, level: 'error', message: 'Error: x\n    at y\n\n    at z' }]);
});

test('order is kept between text and lines of the log', async () => {
  const lines = await wrapped(['one\n{"level":"info"}\n', 'two\n'], 'critical');
  expect(parsed(lines)).toEqual([
    { ...own, level: 'error', message: 'one' },
    { level: 'info' },
    { ...own, level: 'critical', message: 'two' },
  ]);
});

test('text is out before the stream ends, when nothing more comes', async () => {
  const lines: string[] = [];
  const stream = new PassThrough();
  wrapLines(stream, (line) => lines.push(line));
  stream.write('warning of a library\n');
  await expect.poll(() => parsed(lines)).toMatchObject([{ message: 'warning of a library' }]);
  stream.end();
});

test.each(['FATAL ERROR: Reached heap limit Allocation failed', '# Fatal error in , line 0'])(
  'the end of V8 is critical: %s',
  async (words) => {
    expect(parsed(await wrapped([`<--- Last few GCs --->\n\n${words}\n`]))).toMatchObject([
      { level: 'critical' },
    ]);
  },
);

test('bytes that are no UTF-8, control characters and half a JSON object become a line all the same', async () => {
  const lines = await wrapped([
    Buffer.from([0xff, 0x00, 0x1b, 0x0a]),
    '{"level":\n',
    '[1]\n',
    'é'.slice(0, 1),
  ]);
  expect(parsed(lines)).toHaveLength(1);
});

test('a character cut in two by the pipe stays whole', async () => {
  const bytes = Buffer.from('caf\u00e9\n');
  expect(parsed(await wrapped([bytes.subarray(0, 4), bytes.subarray(4)]))).toMatchObject([
    { message: 'café' },
  ]);
});

test('blank lines alone say nothing', async () => {
  expect(await wrapped(['\n', '\r\n', '  \n'])).toEqual([]);
});

test('a flood of text comes out in pieces, not all at its end', async () => {
  const lines = await wrapped([`${'x'.repeat(1_023)}\n`.repeat(200)]);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.join('').match(/x/g)).toHaveLength(1_023 * 200);
});
