import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { agentsGuide } from '../src/platform/documents/index.ts';
import { generatedFiles } from './sdk/generated-files.ts';

// Writes what is made of the OpenAPI document: the client's types and table, and the page for agents.
const root = join(import.meta.dirname, '..');
const folder = join(root, 'sdk/src/generated');

const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'bin/brownie.cjs'), 'openapi'], {
  maxBuffer: 64 * 1024 * 1024,
});
const document = JSON.parse(stdout);
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(await generatedFiles(document))) {
  await writeFile(join(folder, name), text);
}
await writeFile(join(root, 'docs/for-agents.md'), agentsGuide(document));
