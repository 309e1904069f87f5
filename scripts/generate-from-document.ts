import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generatedFiles } from './sdk/generated-files.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'sdk/src/generated');

const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'bin/brownie.cjs'), 'openapi'], {
  maxBuffer: 64 * 1024 * 1024,
});
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(await generatedFiles(JSON.parse(stdout)))) {
  await writeFile(join(folder, name), text);
}
