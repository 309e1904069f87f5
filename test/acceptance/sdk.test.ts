import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generatedFiles } from '../../scripts/sdk/generated-files.ts';
import { fencesOf } from '../harness/markdown.ts';
import { brownie, startService, temporaryFolder } from './service-process.ts';
import { signUp } from './sign-up.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
const tsc = join(root, 'node_modules/typescript/bin/tsc');
/** How large the package may be, compressed. */
const bytesMax = 15_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let packed: { readonly filename: string; readonly size: number; readonly version: string };
let project: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder.path], {
    cwd: join(root, 'sdk'),
    env,
  });
  [packed] = JSON.parse(stdout);
  project = folder.path;
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  await run('npm', ['install', '--offline', `./${packed.filename}`], { cwd: project, env });
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Checks the types of a file of the project, and those of the package with it. */
const check = (file: string, ...options: string[]) =>
  run(
    process.execPath,
    [tsc, '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', ...options, file],
    {
      cwd: project,
      env,
    },
  ).catch(({ stdout }) => {
    throw new Error(stdout);
  });
const onNode = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];

test('what is generated is what the document gives', async () => {
  const document = JSON.parse((await brownie(['openapi'])).stdout);
  for (const [name, text] of Object.entries(await generatedFiles(document))) {
    const path = join('sdk/src/generated', name);
    expect(await readFile(join(root, path), 'utf8'), `${path}: npm run generate`).toBe(text);
  }
});

test('the package has the version of the service, is small, and brings nothing along', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(packed.version).toBe(version);
  process.stdout.write(`the package takes ${packed.size} of ${bytesMax} bytes\n`);
  expect(packed.size).toBeLessThanOrEqual(bytesMax);
  const lock = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8'));
  expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/@brownie/metadata-sdk']);
});

test('the examples of its README work in an empty project, and print what they say', async () => {
  const readme = await readFile(join(project, 'node_modules/@brownie/metadata-sdk/README.md'), 'utf8');
  const example = fencesOf(readme)
    .filter(({ info }) => info === 'ts')
    .map(({ text }) => text)
    .join('\n');
  await writeFile(join(project, 'example.ts'), example);
  await check('example.ts', ...onNode);
  const service = await startService({ METADATA_DATA_DIR: join(folder.path, 'data') });
  try {
    const { authorization = '' } = await signUp(service.url);
    const { stdout } = await run(process.execPath, ['example.ts'], {
      cwd: project,
      env: { ...env, BROWNIE_URL: service.url, BROWNIE_TOKEN: authorization.replace('Bearer ', '') },
    });
    const promised = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line]) => line);
    expect(promised.length).toBe(example.match(/console\.log/g)?.length);
    expect(stdout.trimEnd().split('\n')).toEqual(promised);
  } finally {
    await service.end('SIGTERM');
  }
});

test('its types hold callers to the document, in a browser too', async () => {
  const create = "brownie.createIncident({ path: { team_id: '1' }, body: ";
  const head = `import { createBrownie, items, type Schemas } from '@brownie/metadata-sdk';
    const brownie = createBrownie({ baseUrl: '', fetch: window.fetch });\n`;
  const rightly = `
    const incident: Schemas['Incident'] = await ${create}{ title: 'x' } });
    for await (const { id } of items(brownie.listIncidents, { path: { team_id: incident.team_id } })) id.length;
    const nothing: undefined = await brownie.deleteTeam({ path: { team_id: '1' } });
    for await (const { seq } of await brownie.exportAuditEvents({ path: { org_id: '1' } })) seq.toFixed();
    await brownie.diffConfig({ path: { configuration_id: '1' }, query: { from: 1, to: 2 } });
    export { nothing };`;
  const wrongly = [
    `await ${create}{} });`,
    `await ${create}{ title: 'x', priority: 'urgent' } });`,
    `await ${create}{ title: 'x', colour: 'red' } });`,
    "await brownie.createIncident({ body: { title: 'x' } });",
    'await brownie.getIncident();',
    "await brownie.listIncidents({ path: { team_id: '1' }, query: { state: 'open' } });",
    'for await (const each of items(brownie.whoAmI, {})) each;',
    'await brownie.makeCoffee();',
  ].map((line) => `// @ts-expect-error\n${line}`);
  const options = ['--lib', 'es2024,dom,dom.iterable,dom.asynciterable', '--types', ''];
  await writeFile(join(project, 'browser.ts'), `${head}${rightly}\n${wrongly.join('\n')}\n`);
  await check('browser.ts', ...options);
});
