import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scopes } from '../../src/platform/auth/scopes.ts';
import type { OpenApiDocument } from '../../src/platform/documents/index.ts';
import { startApp, type TestApp } from '../harness/app.ts';

let app: TestApp;
let guide: string;
let document: OpenApiDocument;

beforeAll(async () => {
  app = await startApp();
  guide = await (await fetch(`${app.url}/llms.txt`)).text();
  document = (await (await fetch(`${app.url}/openapi.json`)).json()) as OpenApiDocument;
});
afterAll(() => app[Symbol.asyncDispose]());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );

test('anybody may read it, as Markdown, and it is asked about again', async () => {
  const reply = await fetch(`${app.url}/llms.txt`);
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
  expect(reply.headers.get('cache-control')).toBe('no-cache');
  expect(guide).toMatch(/^# Brownie Metadata API, for agents\n\n> /);
});

test('docs/for-agents.md is the same', async () => {
  expect(await readFile('docs/for-agents.md', 'utf8'), 'npm run generate').toBe(guide);
});

test('it is less than 6,000 tokens', () => {
  // @NOTE o200k makes a token of 3.9 bytes of it: this counts more tokens than there are.
  expect(Buffer.byteLength(guide) / 3.5).toBeLessThan(6_000);
});

test('it names every operation, where it is', () => {
  for (const { operationId, method, path } of operations()) {
    expect(guide).toMatch(new RegExp(`\\b${operationId}\`? ${method} `));
    expect(guide).toContain(` ${method} ${path.replace('/api/v1', '')}`);
  }
});

test('it names the scope of what a key may call, and no scope that there is not', () => {
  const lines = guide.split('\n').filter((line) => line.startsWith('- `'));
  const named = lines.map((line) => /; ([\w: ]+?)(?: \*\w+\*)*$/.exec(line)?.[1]);
  expect(new Set(named)).toEqual(
    new Set(['any key', ...scopes.filter((scope) => scope !== 'scim:write' && scope !== 'alerts:ingest')]),
  );
  for (const { operationId, security } of operations()) {
    const scope = security.flatMap(({ apiKey = [] }) => apiKey)[0];
    if (scope !== undefined && scope !== 'scim:write') {
      expect(lines.find((line) => line.startsWith(`- \`${operationId}\``))).toContain(`; ${scope}`);
    }
  }
});

test('what its rules name is there', () => {
  const [rules = ''] = guide.split('## What a key may call');
  const codes = [...rules.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, code = '']) => code);
  expect(codes).toEqual(
    expect.arrayContaining(['auth.scope_missing', 'auth.person_required', 'precondition.stale']),
  );
  expect(codes.filter((code) => !(code in document.components.examples))).toEqual([]);
  const paths = [...rules.matchAll(/`GET (\/api\/[^`]+)`/g)].map(([, path = '']) => path);
  expect(paths.filter((path) => !(path in document.paths))).toEqual([]);
});
