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
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // @NOTE the default of one second is too short where the machine is shared; what must come sooner says so.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{src,monitoring,scripts}/**/*.test.ts'],
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
          testTimeout: 120_000,
        },
      },
      { extends: true, test: { name: 'drills', include: drills } },
    ],
  },
});
