import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { programRoot } from '../system/package-root.ts';

/** A file that the pages load. Its URL changes with its content, so that browsers may keep it for good. */
export interface Asset {
  readonly url: string;
  readonly type: string;
  readonly content: Buffer;
}

export type AssetName = keyof typeof files;

const require = createRequire(import.meta.filename);
const own = (name: string): string => join(programRoot, 'platform/documents/browser', name);

/** Where each file is: in the installed packages, or beside this one. */
const files = {
  'pages.css': () => own('pages.css'),
  'redoc.js': () => require.resolve('redoc/bundles/redoc.standalone.js'),
  'redoc-start.js': () => own('redoc-start.js'),
  'swagger-ui.css': () => require.resolve('swagger-ui-dist/swagger-ui.css'),
  'swagger-ui.js': () => require.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
  'swagger-ui-start.js': () => own('swagger-ui-start.js'),
} as const;

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** Reads every asset, once. Rejects where an installed package lacks a file. */
export async function readAssets(): Promise<Readonly<Record<AssetName, Asset>>> {
  const names = Object.keys(files) as AssetName[];
  const assets = await Promise.all(names.map(async (name) => [name, await readAsset(name)] as const));
  return Object.fromEntries(assets) as Record<AssetName, Asset>;
}

async function readAsset(name: AssetName): Promise<Asset> {
  const bytes = await readFile(files[name]());
  const content = name === 'redoc.js' ? withoutForeignLogo(bytes) : bytes;
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const extension = extname(name);
  const url = `/docs/assets/${name.slice(0, -extension.length)}-${hash}${extension}`;
  return { url, type: types[extension] ?? 'application/octet-stream', content };
}

const foreignLogo = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const emptyImage = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>";

/**
 * ReDoc has no option against the one picture that it fetches from its makers' server, beside "API docs by Redocly":
 * the words and the link stay.
 */
function withoutForeignLogo(bundle: Buffer): Buffer {
  return Buffer.from(bundle.toString('utf8').replaceAll(foreignLogo, emptyImage));
}
