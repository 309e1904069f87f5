import type { Asset, AssetName } from './assets.ts';

interface Page {
  readonly title: string;
  readonly path: string;
  readonly styles: readonly AssetName[];
  readonly scripts: readonly AssetName[];
  /** Its Content-Security-Policy: only what comes from this service, and no inline script. */
  readonly policy: string;
}

const policy = (...more: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    ...more,
  ].join('; ');

/** The two pages that show the document. */
export const pages: readonly Page[] = [
  {
    title: 'Swagger UI',
    path: '/docs',
    styles: ['swagger-ui.css', 'pages.css'],
    scripts: ['swagger-ui.js', 'swagger-ui-start.js'],
    policy: policy("style-src 'self'"),
  },
  {
    title: 'ReDoc',
    path: '/redoc',
    styles: ['pages.css'],
    scripts: ['redoc.js', 'redoc-start.js'],
    // @NOTE ReDoc writes its styles into <style> elements, and searches in a worker made from a blob.
    policy: policy("style-src 'self' 'unsafe-inline'", 'worker-src blob:'),
  },
];

const icon =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><rect width='8' height='8' rx='2' fill='%237a4a2b'/></svg>";

/** The HTML of a page. */
export function htmlOf(page: Page, assets: Readonly<Record<AssetName, Asset>>): string {
  const styles = page.styles.map((name) => `<link rel="stylesheet" href="${assets[name].url}">`);
  const scripts = page.scripts.map((name) => `<script src="${assets[name].url}"></script>`);
  const links = pages.map(({ title, path }) => {
    const current = path === page.path ? ' aria-current="page"' : '';
    return `<a href="${path}"${current}>${title}</a>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Brownie Metadata API – ${page.title}</title>
<link rel="icon" href="${icon}">
${styles.join('\n')}
</head>
<body>
<nav class="bar"><strong>Brownie Metadata API</strong>${links.join('')}<a href="/openapi.json">openapi.json</a></nav>
<div id="page"></div>
${scripts.join('\n')}
</body>
</html>
`;
}
