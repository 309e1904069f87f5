import { OperationError } from '../../platform/errors/operation-error.ts';
import { runToEnd } from '../../platform/programs/run-to-end.ts';

/**
 * Runs openssl, which makes what Node.js can read but not write: certificates. Keys are named by their files, never in
 * an argument. Throws OperationError with openssl's complaint.
 */
export async function openssl(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runToEnd('openssl', args);
  if (code !== 0) {
    const complaint = stderr.split('\n').find((line) => /error|unable|invalid/i.test(line)) ?? stderr.trim();
    throw new OperationError(`openssl ${args[0]} failed: ${complaint}`);
  }
  return stdout;
}
