import { execFile } from 'node:child_process';
import { appendFile, cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCheckout } from '../harness/checkout.ts';
import { temporaryFolder } from './service-process.ts';

const run = promisify(execFile);
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let checkout: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  checkout = join(folder.path, 'checkout');
  await makeCheckout(checkout);
});
afterAll(() => folder[Symbol.asyncDispose]());

const brownie = (...args: string[]) => run(join(checkout, 'bin/brownie'), args, { cwd: folder.path, env });
/**
 * What each process of a command took at most, in KiB, on standard error. @NOTE not `resourceUsage().maxRSS`: on Linux that is at least what the
 * process that started it took at that moment.
 */
const tellMemory = `--import=data:text/javascript,${encodeURIComponent(
  "import { readFileSync } from 'node:fs'; process.on('exit', () => console.error(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]))",
)}`;
/** The builds that are there, and what else is in that folder. */
const built = async (): Promise<string[]> => (await readdir(join(checkout, 'dist'))).sort();
const edit = async (file: string, from: string, to: string): Promise<void> => {
  const path = join(checkout, file);
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
};

test('commands that start at once build one program', async () => {
  await rm(join(checkout, 'dist'), { recursive: true, force: true });
  const outputs = await Promise.all([brownie('--version'), brownie('--version')]);
  expect(new Set(outputs.map(({ stdout, stderr }) => stdout + stderr)).size).toBe(1);
  expect(await built()).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), 'last-build.json']);
});

test('nothing of it loads undici by an import of node:http', async () => {
  const [build = ''] = await built();
  const folder = join(checkout, 'dist', build);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  expect(files).toContain('brownie.js');
  for (const file of files) {
    expect(await readFile(join(folder, file), 'utf8'), file).not.toMatch(/^import .*["'](node:)?http["']/m);
  }
});

test('source that was changed is built again, a test of it is not; and a stack names the lines of the source', async () => {
  const before = await built();
  await appendFile(join(checkout, 'src/cli/run.test.ts'), '// more\n');
  await brownie('--version');
  expect(await built()).toEqual(before);

  const command = 'src/commands/show-config.ts';
  const lines = (await readFile(join(checkout, command), 'utf8')).split('\n');
  const line = 1 + lines.findIndex((text) => text.startsWith('export async function showConfig'));
  await edit(command, lines[line - 1] ?? '', `${lines[line - 1]} null['canary'];`);
  await edit('src/cli/program.ts', 'the system of record for', 'the canary of');
  const told = await run(join(checkout, 'bin/brownie'), ['--help'], {
    cwd: folder.path,
    env: { ...env, NODE_OPTIONS: tellMemory },
  });
  expect(told.stdout).toContain('the canary of incidents');
  // @NOTE what builds takes 600 MiB: not in the process that may be a service from then on.
  expect(Math.max(...told.stderr.trim().split('\n').map(Number))).toBeLessThan(250 * 1024);
  expect((await built()).length).toBe(before.length + 1);
  const { stderr } = await brownie('config').then(
    () => ({ stderr: 'it did not fail' }),
    (error: { stderr: string }) => error,
  );
  expect(stderr).toMatch(/^TypeError: Cannot read properties of null \(reading 'canary'\)\n {4}at /);
  expect(stderr).toContain(`/${command}:${line})`);
});

test('a copy, whose files have other times, is not built again', async () => {
  const before = await built();
  const path = join(checkout, 'src');
  await cp(path, `${path}.copy`, { recursive: true });
  await rm(path, { recursive: true });
  await rename(`${path}.copy`, path);
  expect((await brownie('--help')).stdout).toContain('the canary of incidents');
  expect(await built()).toEqual(before);
});

test('where it cannot be built the source runs, and says why', async () => {
  const [dist, aside] = [join(checkout, 'dist'), join(checkout, 'aside')];
  await rename(dist, aside);
  await writeFile(dist, 'in the way');
  const { stdout, stderr } = await brownie('--help');
  expect(stdout).toContain('the canary of incidents');
  expect(stderr).toMatch(/^brownie starts slower than it could, from src\/: [^\n]*EEXIST[^\n]*dist[^\n]*\n$/);
  await rm(dist);
  await rename(aside, dist);
});

test('without source, what was built runs; without both it is said', async () => {
  await rm(join(checkout, 'src'), { recursive: true });
  expect((await brownie('--help')).stdout).toContain('the canary of incidents');
  await rm(join(checkout, 'dist'), { recursive: true });
  await expect(brownie('--help')).rejects.toMatchObject({
    code: 1,
    stderr: `nothing of brownie is in ${checkout}: neither dist/ nor src/\n`,
  });
});
