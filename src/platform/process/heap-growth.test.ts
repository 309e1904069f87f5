import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** What Node.js writes to standard error when the module is used so. */
async function complaintOf(call: string): Promise<string> {
  const module = import.meta.resolve('./heap-growth.ts');
  const script = `const { growHeapBy } = await import(${JSON.stringify(module)}); ${call}`;
  const args = ['--no-warnings', '--input-type=module', '-e', script];
  return (await promisify(execFile)(process.execPath, args)).stderr;
}

test('this Node.js knows how far its heap may grow', async () => {
  expect(await complaintOf('growHeapBy(30)')).toBe('');
});

test('what somebody chose stays', async () => {
  expect(await complaintOf(`growHeapBy('no number')`)).toContain('heap-growing-percent');
  expect(await complaintOf(`growHeapBy('no number', ['--heap_growing_percent=50'])`)).toBe('');
});
