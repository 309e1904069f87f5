/** `npm run bench [name]`: what is measured, by the name of its file. Loaded when it is asked for. */
const benchmarks: Readonly<Record<string, (args: readonly string[]) => Promise<unknown>>> = {
  service: async (args) => (await import('./requests/index.ts')).measureService(args),
  'audit-chain': () => import('./audit-chain.ts'),
  'brute-force': () => import('./brute-force.ts'),
  check: async () => (await import('./requests/check.ts')).check(),
  documents: async () => (await import('./requests/write-documents.ts')).writeDocumentsAgain(),
  growth: async (args) => (await import('./growth.ts')).measureGrowth(args),
  jwt: () => import('./jwt.ts'),
  memory: async (args) => (await import('./memory.ts')).measureMemory(args),
  'login-storm': () => import('./login-storm.ts'),
  observability: () => import('./observability.ts'),
  overload: () => import('./overload.ts'),
  resolution: () => import('./resolution.ts'),
  start: () => import('./start.ts'),
};

const [first = '', ...rest] = process.argv.slice(2);
const isNamed = first !== '' && !first.startsWith('-');
const start = benchmarks[isNamed ? first : 'service'];
if (start === undefined) {
  process.stderr.write(`There is no benchmark "${first}"; there are ${Object.keys(benchmarks).join(', ')}\n`);
  process.exitCode = 1;
} else {
  await start(isNamed ? rest : process.argv.slice(2));
}
