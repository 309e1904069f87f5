import { registerHooks } from 'node:module';

// Loaded with `--import`, it has a process say when it loads a package of OpenTelemetry.

registerHooks({
  load: (url, context, next) => {
    const [, name] = /\/node_modules\/(@opentelemetry\/[^/]+)\//.exec(url) ?? [];
    if (name !== undefined) {
      process.stderr.write(`loaded ${name}\n`);
    }
    return next(url, context);
  },
});
