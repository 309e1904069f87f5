import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const startsServers = ['src/platform/embedded-postgres/**/*.test.ts', 'src/platform/migrations/**/*.test.ts'];
const overHttp = ['src/**/*.api.test.ts', 'test/**/*.test.ts'];
/** Run the real Prometheus, Alertmanager, Redis, jq: `scripts/install-debian-packages` brings them. */
const withDebianPackages = ['test/monitoring/**/*.test.ts', 'test/procedures/**/*.test.ts'];
const drills = ['test/drills/**/*.test.ts'];

export default defineConfig({
  test: {
    // @NOTE one more than the default of cores minus one: tests wait for processes more than they compute.
    maxWorkers: Math.max(2, availableParallelism()),
    // @NOTE nothing of ours keeps state in a module, so files share the modules of their worker: loading them anew for each
    // file cost more than most files.
    isolate: false,
    // @NOTE they end what hangs, and judge nobody's pace: a machine that is shared may take ten times as long.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{src,monitoring,scripts,bench}/**/*.test.ts'],
          exclude: [...startsServers, ...overHttp],
        },
      },
      {
        extends: true,
        test: { name: 'servers', include: startsServers },
      },
      {
        extends: true,
        test: {
          name: 'api',
          include: overHttp,
          exclude: [...withDebianPackages, ...drills],
          globalSetup: 'test/harness/global-setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'tools',
          include: withDebianPackages,
          globalSetup: 'test/harness/global-setup.ts',
          fileParallelism: false,
        },
      },
      { extends: true, test: { name: 'drills', include: drills } },
    ],
  },
});
