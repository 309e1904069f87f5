import { defineConfig } from 'vitest/config';

const startsServers = ['src/platform/embedded-postgres/**/*.test.ts', 'src/platform/migrations/**/*.test.ts'];
const overHttp = ['src/**/*.api.test.ts', 'test/**/*.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['src/**/*.test.ts'], exclude: [...startsServers, ...overHttp] },
      },
      {
        extends: true,
        test: { name: 'servers', include: startsServers },
      },
      {
        extends: true,
        test: { name: 'api', include: overHttp, globalSetup: 'test/harness/global-setup.ts' },
      },
    ],
  },
});
