import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { tarFile } from './tar-file.ts';

test('tar unpacks it', () => {
  const long = 'x'.repeat(1_025);
  const file = tarFile(
    [
      { name: 'bundle/a.txt', text: 'Größe\n' },
      { name: 'bundle/empty.txt', text: '' },
      { name: 'bundle/b.txt', text: long },
    ],
    new Date('2026-11-30T00:00:00Z'),
  );
  const list = execFileSync('tar', ['-tvzf', '-', '--utc'], { input: file }).toString();
  expect(list.trim().split('\n')).toEqual([
    expect.stringMatching(/^-rw------- .* 8 2026-11-30 00:00 bundle\/a\.txt$/),
    expect.stringMatching(/bundle\/empty\.txt$/),
    expect.stringMatching(/ 1025 .*bundle\/b\.txt$/),
  ]);
  expect(execFileSync('tar', ['-xOzf', '-', 'bundle/a.txt'], { input: file }).toString()).toBe('Größe\n');
  expect(execFileSync('tar', ['-xOzf', '-', 'bundle/b.txt'], { input: file }).toString()).toBe(long);
});
