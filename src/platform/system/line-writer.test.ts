import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LineWriter } from './line-writer.ts';

let folder: string;
let fifo: string;
let told: string[];

beforeEach(() => {
  told = [];
  folder = mkdtempSync(join(tmpdir(), 'brownie-lines-'));
  fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** @NOTE never closed: a writer tries again as long as its process lives, and the number would be somebody else's by then. */
const descriptor = (path: string, flags: number): number => openSync(path, flags | constants.O_NONBLOCK);

const writerTo = (fd: number): LineWriter =>
  new LineWriter({
    fd,
    onFailure: (reason) => told.push(`failed: ${reason}`),
    onRecovery: (lost) => told.push(`recovered, ${lost} lost`),
  });

/** What a pipe holds at this moment. */
function read(fd: number): string {
  const buffer = Buffer.alloc(128 * 1024);
  try {
    return buffer.toString('utf8', 0, readSync(fd, buffer));
  } catch {
    return '';
  }
}

const line = (index: number): string => `${JSON.stringify({ index, text: 'ü'.repeat(100) })}\n`;
const lines = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => line(index));

test('lines come out whole and in order, whatever their number', async () => {
  const pipe = descriptor(fifo, constants.O_RDWR);
  const writer = writerTo(pipe);
  const sent = lines(2_000);
  sent.forEach((each) => {
    writer.write(each);
  });
  let received = '';
  await expect
    .poll(() => {
      received += read(pipe);
      return received.length;
    })
    .toBe(sent.join('').length);
  expect(received).toBe(sent.join(''));
  expect([told, writer.writeErrors, writer.lostLines]).toEqual([[], 0, 0]);
});

test('a full disk is told of once, tried again, and lines beyond what may wait are counted', async () => {
  const writer = writerTo(descriptor('/dev/full', constants.O_WRONLY));
  writer.write(line(1));
  await expect.poll(() => told).toEqual(['failed: ENOSPC']);
  lines(40_000).forEach((each) => {
    writer.write(each);
  });
  await expect.poll(() => writer.writeErrors).toBeGreaterThan(1);
  expect(writer.lostLines).toBeGreaterThan(10_000);
  expect(writer.lostLines).toBeLessThan(40_000);
  expect(told).toEqual(['failed: ENOSPC']);
  writer.flushSync();
});

test('what waited for a reader that was gone comes out when there is one again, and nothing of it twice', async () => {
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = writerTo(descriptor(fifo, constants.O_WRONLY));
  closeSync(reader);
  writer.write(line(1));
  await expect.poll(() => told).toEqual(['failed: EPIPE']);
  writer.write(line(2));
  const again = descriptor(fifo, constants.O_RDONLY);
  await expect.poll(() => told).toEqual(['failed: EPIPE', 'recovered, 0 lost']);
  expect(read(again)).toBe(line(1) + line(2));
});

test('a reader that does not read costs lines, not the end of the process', async () => {
  const pipe = descriptor(fifo, constants.O_RDWR);
  const writer = writerTo(pipe);
  lines(40_000).forEach((each) => {
    writer.write(each);
  });
  expect(told).toEqual(['failed: it is not read as fast as it is written']);
  const before = performance.now();
  writer.flushSync();
  expect(performance.now() - before).toBeLessThan(60_000);
  expect(writer.writeErrors).toBe(0);
});

test('at the end what waits is written at once', () => {
  const pipe = descriptor(fifo, constants.O_RDWR);
  const writer = writerTo(pipe);
  writer.write(line(1));
  writer.write(line(2));
  writer.flushSync();
  expect(read(pipe)).toContain(line(2));
});

test('what is flushed is out, whatever a thread was still writing', async () => {
  const pipe = descriptor(fifo, constants.O_RDWR);
  const writer = writerTo(pipe);
  for (let round = 0; round < 100; round += 1) {
    writer.write(line(round));
    await writer.flush();
    expect(read(pipe)).toBe(line(round));
  }
});

test('a flush does not wait for a reader that does not read', async () => {
  const pipe = descriptor(fifo, constants.O_RDWR);
  const writer = writerTo(pipe);
  for (const each of lines(2_000)) {
    writer.write(each);
  }
  await writer.flush();
  expect(told).toEqual([]);
});
