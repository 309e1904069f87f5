import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const startsServers = ['src/platform/embedded-postgres/**/*.test.ts', 'src/platform/migrations/**/*.test.ts'];
const overHttp = ['src/**/*.api.test.ts', 'test/contract/**/*.test.ts'];
/** Start the service as a person does, in processes of its own: a start is most of what each takes. */
const asProcesses = ['test/acceptance/**/*.test.ts'];
/** Run the real Prometheus, Alertmanager, Redis, jq: `scripts/install-debian-packages` brings them. */
const withDebianPackages = ['test/monitoring/**/*.test.ts', 'test/procedures/**/*.test.ts'];
const drills = ['test/drills/**/*.test.ts'];
/** The machine that attacks: every operation, every caller, and what a generator thinks of. */
const attack = ['test/attack/**/*.test.ts'];

export default defineConfig({
  test: {
    // @NOTE two more than the default of cores minus one: tests wait for processes and for PostgreSQL as long as they compute.
    maxWorkers: availableParallelism() + 1,
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
          include: ['{src,monitoring,scripts,bench,sdk}/**/*.test.ts'],
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
          globalSetup: 'test/harness/global-setup.ts',
        },
      },
      {
        extends: true,
        test: { name: 'acceptance', include: asProcesses, globalSetup: 'test/harness/global-setup.ts' },
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
      {
        extends: true,
        test: {
          name: 'attack',
          include: attack,
          globalSetup: 'test/harness/global-setup.ts',
          // @NOTE for whoever asks for a hundred times as much.
          testTimeout: 86_400_000,
        },
      },
    ],
  },
});
