import { constants, enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { showSourceLines } from '../platform/process/source-lines.ts';
import { packageRoot, programRoot } from '../platform/system/package-root.ts';

// @NOTE beside what was built, which is all that is ours to write, if it is: else where Node.js itself would keep it.
const isBuilt = programRoot !== join(packageRoot, 'src');
const { FAILED } = constants.compileCacheStatus;
if (!isBuilt || enableCompileCache(join(programRoot, 'compiled')).status === FAILED) {
  enableCompileCache();
}
if (isBuilt) {
  showSourceLines();
}
// @NOTE not before: what is loaded later comes from that cache.
const { run } = await import('../cli/run.ts');
await run(process.argv);
