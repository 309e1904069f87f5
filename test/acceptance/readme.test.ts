import { spawn } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { brownie, startService, temporaryFolder } from './service-process.ts';

const readme = await readFile('README.md', 'utf8');
const section = (title: string): string =>
  new RegExp(`## ${title}\n([\\s\\S]*?)(?=\n## |$)`).exec(readme)?.[1] ?? '';
const blocks = (text: string): { language: string; code: string }[] =>
  [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language = '', code = '']) => ({ language, code }));

/** What differs from run to run: ids, instants. */
const normalized = (text: string): unknown =>
  JSON.parse(
    text
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT'),
  );

test('the tour works word for word, and prints what it says it prints', async () => {
  await using folder = await temporaryFolder();
  const service = await startService({ METADATA_DATA_DIR: join(folder.path, 'data') });
  const steps = blocks(section('A two-minute tour'));
  const marker = '---- step ----';
  const script = steps
    .filter(({ language }) => language === 'sh')
    .map(({ code }) => `${code.replaceAll('http://localhost:8080', service.url)}\necho; echo '${marker}'`)
    .join('\n');
  const shell = spawn('bash', ['-euo', 'pipefail'], {
    cwd: folder.path,
    env: { PATH: `${dirname(process.execPath)}:${process.env['PATH']}` },
  });
  let output = '';
  shell.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  shell.stdin.end(script);
  const code = await new Promise((resolve) => shell.once('close', resolve));
  await service.end('SIGTERM');
  expect(code).toBe(0);

  const printed = output
    .split(marker)
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const promised = steps.filter(({ language }) => language === 'json');
  expect(printed.length).toBe(promised.length);
  for (const [index, { code: json }] of promised.entries()) {
    const actual = printed[index] ?? '';
    expect(normalized(actual.startsWith('{') ? actual : JSON.stringify(actual))).toEqual(normalized(json));
  }
});

test('every command of the table is one that brownie has', async () => {
  const { stdout } = await brownie(['--help']);
  const named = [...section('Commands').matchAll(/^\| `(\w+)/gm)].map(([, name]) => name);
  const known = [...stdout.matchAll(/^ {2}([a-z]\w*)/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== 'help');
  expect(named).toEqual(known);
});

test('every link between the documents leads to a file', async () => {
  const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
  for (const entry of await readdir('docs', { recursive: true })) {
    documents.push(...(entry.endsWith('.md') ? [join('docs', entry)] : []));
  }
  for (const document of documents) {
    const text = await readFile(document, 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      await expect(
        stat(join(dirname(document), target)),
        `${document} links to ${target}`,
      ).resolves.toBeDefined();
    }
  }
});

test('every file and npm script that the documents name in code is there', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
  for (const document of [
    'README.md',
    'CONTRIBUTING.md',
    'docs/architecture.md',
    'docs/api-design.md',
    'docs/deployment.md',
  ]) {
    const text = await readFile(document, 'utf8');
    for (const [, path = ''] of text.matchAll(
      /`((?:src|test|docs|scripts|migrations)\/(?!NNNN)[\w./-]*)`/g,
    )) {
      await expect(stat(path), `${document} names ${path}`).resolves.toBeDefined();
    }
    for (const [, script = ''] of text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)) {
      expect(Object.keys(scripts), `${document} names npm run ${script}`).toContain(script);
    }
  }
});
