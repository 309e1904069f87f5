import { registerHooks } from 'node:module';

// Loaded with `--import`, it has a process say which packages of OpenTelemetry are in the files that it loads.

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    // @NOTE a bundled file names before each part where it comes from.
    for (const [, name] of String(loaded.source).matchAll(
      /^\/\/ node_modules\/(@opentelemetry\/[^/]+)\//gm,
    )) {
      process.stderr.write(`loaded ${name}\n`);
    }
    return loaded;
  },
});
