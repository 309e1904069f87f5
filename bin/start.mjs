// @ts-check
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freshBuild } from './fresh-build.mjs';

/**
 * Runs the program as it was built from the source that is there, and builds it first where it was not. Where it cannot be built,
 * the source itself runs, and says why.
 */
export async function start() {
  const root = dirname(import.meta.dirname);
  const found = await freshBuild(root);
  if (found === undefined) {
    process.stderr.write(`nothing of brownie is in ${root}: neither dist/ nor src/\n`);
    process.exitCode = 1;
    return;
  }
  const { entry, fault } = found;
  if (fault !== undefined) {
    await tell(
      `brownie starts slower than it could, from src/: ${fault instanceof Error ? fault.message : fault}`,
    );
  }
  // @NOTE what starts itself again, as the service does, starts this very build.
  process.argv[1] = entry;
  await import(pathToFileURL(entry).href);
}

/** @param {string} message */
async function tell(message) {
  if (process.argv[2] === 'serve' && !process.stdout.isTTY) {
    const { processLine } = await import('../src/platform/process/process-line.ts');
    process.stderr.write(processLine('warning', message));
  } else {
    process.stderr.write(`${message}\n`);
  }
}
