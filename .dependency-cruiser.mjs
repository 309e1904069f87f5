/**
 * The floor plan of the house: which room may import which, and which feature, which part of the platform, of
 * monitoring and which procedure may import which other. `npm run check:boundaries` holds the code to it;
 * `scripts/boundaries/fences.test.ts` tries each fence. See docs/architecture.md.
 */

const tests = '\\.(test|fixture)\\.ts$|/test-support/';

/** Rooms, from the top floor down, and which others each may import. */
const rooms = {
  'src/bin': ['src/cli', 'src/platform'],
  'src/cli': ['src/commands', 'src/drills', 'src/operations', 'src/platform'],
  'src/commands': [
    'src/service',
    'src/features',
    'src/drills',
    'src/operations',
    'src/demo',
    'src/platform',
    'src/config',
  ],
  'src/service': ['src/features', 'src/platform', 'src/config'],
  'src/features': ['src/platform'],
  'src/drills': ['src/operations', 'src/platform'],
  'src/operations': ['src/platform', 'src/config'],
  'src/demo': ['src/platform'],
  'src/platform': [],
  'src/config': [],
  monitoring: ['src/operations', 'src/platform'],
  bench: ['src/service', 'src/features', 'src/platform'],
  scripts: ['src/platform', 'src/config'],
  sdk: [],
};

/** Which features a feature may enter, through their index.ts alone. */
const features = {
  organizations: [],
  users: ['organizations'],
  teams: ['organizations', 'users'],
  proofs: ['users', 'second-factor'],
  invitations: ['organizations', 'users', 'teams', 'proofs'],
  'second-factor': ['users'],
  'external-groups': ['organizations', 'users', 'teams'],
  domains: [],
  sessions: ['organizations', 'users', 'teams', 'external-groups', 'domains', 'second-factor'],
  scim: ['organizations', 'users', 'external-groups'],
  incidents: ['organizations', 'users', 'teams'],
  'agent-configs': ['organizations', 'users', 'teams'],
  configs: ['organizations', 'teams', 'agent-configs'],
  proposals: ['organizations', 'teams', 'agent-configs'],
  stats: ['organizations', 'teams'],
  'api-keys': ['organizations'],
  'audit-trail': ['organizations'],
  instance: [],
  mcp: [],
};

/** Which parts of the platform a part may import. */
const platform = {
  audit: ['database'],
  auth: ['database', 'errors', 'schemas', 'system'],
  'backup-state': ['operator-events', 'system'],
  changes: ['audit', 'auth', 'database', 'errors', 'schemas'],
  database: ['errors', 'maintenance', 'migrations', 'system', 'tls'],
  documents: ['auth', 'errors', 'http', 'schemas', 'system'],
  'embedded-postgres': ['errors', 'programs', 'system'],
  errors: [],
  http: ['auth', 'changes', 'database', 'errors', 'observability', 'schemas', 'system', 'tls'],
  mail: ['database', 'errors', 'schemas', 'system'],
  maintenance: ['errors', 'operator-events'],
  migrations: ['errors'],
  observability: ['errors', 'system', 'tls'],
  'operator-events': [],
  process: ['observability', 'system'],
  programs: ['errors', 'system'],
  redis: [],
  replicas: ['database', 'errors'],
  schemas: [],
  system: [],
  tls: ['errors'],
  tracing: ['observability'],
};

/** Which procedures of day two a procedure may use. */
const operations = {
  backup: [],
  balancing: [],
  certificates: [],
  checklists: ['doctor', 'drill-record', 'probing'],
  doctor: ['certificates', 'probing'],
  'drill-record': [],
  erasure: [],
  'incident-log': ['doctor', 'probing'],
  pitr: ['backup'],
  probing: [],
  support: ['checklists', 'doctor', 'probing'],
  retention: [],
  upgrade: ['doctor'],
};

/** Which parts of backups a part may import: a backup is made without what restores and verifies it. Files beside them are doors. */
const backup = {
  store: [],
  database: ['store'],
  create: ['database', 'store'],
  copy: ['create', 'database', 'store'],
  verify: ['database', 'store'],
  restore: ['database', 'store', 'verify'],
};

/** Which parts of monitoring a part may import; the files beside them are the words that all of them speak. */
const monitoring = {
  alerts: [],
  slo: [],
  dashboards: ['alerts', 'slo'],
  documents: ['dashboards'],
  histories: [],
  render: ['histories'],
  generate: ['dashboards', 'documents', 'render'],
  observe: [],
};

const betweenRooms = Object.entries(rooms).map(([name, allowed]) => ({
  name,
  comment: `imports ${allowed.length === 0 ? 'no other room' : allowed.join(', ')}`,
  severity: 'error',
  from: { path: `^${name}/`, pathNot: tests },
  to: {
    path: '^(src|monitoring|bench|scripts|sdk|test|deploy)/',
    pathNot: [`^${name}/`, ...allowed.map((room) => `^${room}/`)],
  },
}));

/** One fence around each part of a room: which others it may enter, and by which door. */
const betweenParts = (room, parts, door = '') =>
  Object.entries(parts).map(([name, allowed]) => ({
    name: `${room}/${name}`,
    comment: `imports ${allowed.length === 0 ? 'no other part' : allowed.join(', ')} of ${room}`,
    severity: 'error',
    from: { path: `^${room}/${name}/`, pathNot: tests },
    to: {
      path: `^${room}/[^/]+/`,
      pathNot: [`^${room}/${name}/`, ...allowed.map((other) => `^${room}/${other}/${door}`)],
    },
  }));

const partsOf = {
  'src/features': features,
  'src/platform': platform,
  'src/operations': operations,
  monitoring,
};
const fenced = [
  ...Object.keys(rooms).filter((room) => !(room in partsOf)),
  ...Object.entries(partsOf).flatMap(([room, parts]) => Object.keys(parts).map((part) => `${room}/${part}`)),
];

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
    ...betweenRooms,
    ...betweenParts('src/features', features, 'index\\.ts$'),
    ...betweenParts('src/platform', platform),
    ...betweenParts('src/operations', operations),
    ...betweenParts('src/operations/backup', backup, 'index\\.ts$'),
    ...betweenParts('monitoring', monitoring),
    {
      name: 'every-part-has-a-fence',
      comment: 'a new room, or a new part of one, is named in this file first',
      severity: 'error',
      from: {},
      to: {
        path: '^(src/[^/]+|src/(features|platform|operations)/[^/]+|monitoring/[^/]+)/',
        pathNot: fenced.map((place) => `^${place}/`),
      },
    },
    {
      name: 'features-by-the-front-door',
      comment: 'whoever enters a feature from outside comes by its index.ts',
      severity: 'error',
      from: { path: '^(src|bench|monitoring|scripts)/', pathNot: ['^src/features/', tests] },
      to: { path: '^src/features/', pathNot: '/index\\.ts$' },
    },
    {
      name: 'backups-by-their-doors',
      comment: 'whoever makes a backup loads nothing of what restores and verifies one',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/operations/backup/', tests] },
      to: { path: '^src/operations/backup/[^/]+/', pathNot: '/index\\.ts$' },
    },
    {
      name: 'configuration-by-the-front-door',
      comment: 'the room that reads the environment has one door',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/config/', tests] },
      to: { path: '^src/config/', pathNot: '^src/config/(index)\\.ts$' },
    },
    {
      name: 'source-knows-no-test',
      comment: 'what runs in production loads nothing that only tests need',
      severity: 'error',
      from: { path: '^(src|monitoring)/', pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'acceptance-is-a-black-box',
      comment: 'these tests know the service from outside alone',
      severity: 'error',
      from: { path: '^test/acceptance/' },
      to: { path: '^src/' },
    },
    {
      name: 'client-needs-nothing',
      comment: 'what is installed with the client is the client alone',
      severity: 'error',
      from: { path: '^sdk/', pathNot: tests },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown'] },
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
