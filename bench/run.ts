/** `npm run bench [name]`: what is measured, by the name of its file. Loaded when it is asked for: it begins at once. */
const benchmarks: Readonly<Record<string, () => Promise<unknown>>> = {
  observability: () => import('./observability.ts'),
  overload: () => import('./overload.ts'),
};

const [name = 'observability'] = process.argv.slice(2);
const start = benchmarks[name];
if (start === undefined) {
  process.stderr.write(
    `There is no benchmark "${name}"; there are ${Object.keys(benchmarks).join(' and ')}\n`,
  );
  process.exitCode = 1;
} else {
  await start();
}
