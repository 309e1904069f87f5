import { registerHooks } from 'node:module';

// Runs dependency-cruiser, which reads TypeScript through the compiler API that TypeScript 7 does not have yet: it is
// given TypeScript 6 in its place. @TODO(#dependency-cruiser) drop this file when it supports TypeScript 7.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.replace(/^typescript(?=$|\/)/, 'typescript-api'), context),
});

process.argv.splice(2, 0, '--config', '.dependency-cruiser.mjs');
const cli = new URL('../node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', import.meta.url);
await import(cli.href);
