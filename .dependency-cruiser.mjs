/**
 * The arrows of the house: bin -> cli -> commands -> server -> app -> features -> platform, and between features only
 * what `features` lists. See CONTRIBUTING.md.
 */

/** Which features a feature may enter (through their index.ts). */
const features = {
  organizations: [],
  users: ['organizations'],
  teams: ['organizations', 'users'],
  sessions: ['organizations', 'users', 'teams'],
  incidents: ['organizations', 'users', 'teams'],
  'agent-configs': ['organizations', 'users', 'teams'],
  stats: ['organizations', 'teams'],
  'audit-trail': ['organizations'],
  service: [],
};

const tests = '\\.(test|fixture)\\.ts$|/test-support/';

const betweenFeatures = Object.entries(features).map(([name, allowed]) => ({
  name: `feature-${name}`,
  comment: `${name} enters ${allowed.length === 0 ? 'no other feature' : `${allowed.join(', ')} only`}, by the front door`,
  severity: 'error',
  from: { path: `^src/features/${name}/`, pathNot: tests },
  to: {
    path: '^src/features/',
    pathNot: [`^src/features/${name}/`, ...allowed.map((other) => `^src/features/${other}/index\\.ts$`)],
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'files that import each other in a circle cannot be understood one by one',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'platform-knows-no-feature',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/(features|config|operations|commands|demo|cli|bin)/|^src/[^/]+\\.ts$' },
    },
    {
      name: 'features-read-no-configuration',
      severity: 'error',
      from: { path: '^src/features/', pathNot: tests },
      to: { path: '^src/(config|operations|commands|demo|cli|bin)/|^src/[^/]+\\.ts$' },
    },
    {
      name: 'app-reads-no-configuration',
      severity: 'error',
      from: { path: '^src/(app|api)\\.ts$' },
      to: { path: '^src/(config|operations|commands|demo|cli|bin)/|^src/server\\.ts$' },
    },
    {
      name: 'only-the-cli-knows-commands',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(cli|commands)/', tests] },
      to: { path: '^src/commands/' },
    },
    {
      name: 'operations-stand-beside-the-service',
      comment:
        'day-2 procedures use the platform and run the service as a process; they know nothing of its inside',
      severity: 'error',
      from: { path: '^src/operations/', pathNot: tests },
      to: { path: '^src/(features|commands|demo|cli|bin)/|^src/(app|api|server)\\.ts$' },
    },
    ...betweenFeatures,
    {
      name: 'source-knows-no-test',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: `^test/|${tests}` },
    },
    {
      name: 'acceptance-is-a-black-box',
      severity: 'error',
      from: { path: '^test/acceptance/' },
      to: { path: '^src/' },
    },
    {
      name: 'no-unknown-package',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['unknown', 'undetermined', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-dependency-in-source',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], pathNot: '@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
  },
};
