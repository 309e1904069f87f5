import { charts, shownConnections } from './charts.ts';
import type { Report, Result } from './report.ts';

/** `docs/performance.md`, from the results alone. */
export function performanceDocument(report: Report): string {
  const { settings, machine, results } = report;
  const { incidents, rounds, seconds } = settings;
  return `# Performance

<!-- Made by \`npm run bench -- --write-docs\` from performance/results.json; \`npm run generate\` makes it again. -->

What the service does beside what the same machine could do at best: every figure stands next to a floor, a bare server or
\`pgbench\` on the same data, measured in the same run. **Read the ratios**: requests a second say as much about the machine, on which
load, service and database share the cores, as about the service.

Measured on ${report.measuredOn}: ${machine.cores} cores (${machine.processor}), ${gib(machine.memoryBytes)} GiB of memory, ${machine.system}, Node.js ${machine.node},
PostgreSQL ${machine.postgres}, one process of the service in production settings; ${thousands(incidents)} incidents in the organization, ${thousands(Math.round(incidents * 0.27))} of them in the
team that is asked; medians of ${rounds} rounds of ${seconds} s a row. Each run says what your machine does:

\`\`\`bash
npm run bench
\`\`\`

## How to read it

- **Requests a second** are those answered with a status below 400, by clients that ask again as soon as they have their answer.
- **CPU time a request**, in microseconds, is what the kernel counted for all processes of the service (it and its parent) and, after the
  plus, of PostgreSQL. It is steadier than requests a second: a neighbour on the machine takes time away, but adds little to what a request needs.
  Cores ÷ CPU time is what the machine could serve at most.
- **The ratio** to the floor is the median of what each round gave, for rows and floors are measured in turns: by requests a second (higher is
  better, 1 is as fast as the floor), and in brackets by CPU time (lower is better). A floor checks no token, keeps no tenant apart, and neither
  logs nor counts; the service does all of that on every request.
- **p50, p99** are of these clients: on ${Math.max(...settings.connections)} connections they are the time in the queue. Those of one connection are the time of a request.
- **Peak memory** is what was resident of the service and its parent together. Before the first request it was ${mib(report.idleResidentBytes)} MiB.

${[...charts(report).keys()].map((name) => `![${name}](performance/${name}.svg)`).join('\n\n')}

${settings.connections
  .map((connections) =>
    section(
      connections,
      results.filter((each) => each.connections === connections),
    ),
  )
  .join('\n')}`;
}

const section = (
  connections: number,
  results: readonly Result[],
): string => `## ${connections === 1 ? 'One connection' : `${connections} connections`}
${connections === shownConnections ? '\nThe pictures are of these.\n' : ''}
| what | requests/s | CPU µs | p50 ms | p99 ms | peak MiB | to its floor |
| --- | ---: | ---: | ---: | ---: | ---: | --- |
${results.map((result) => `${rowOf(result, results)}\n`).join('')}`;

const rowOf = (result: Result, results: readonly Result[]): string =>
  `| ${[
    result.subject === 'service' ? `**${result.title}**` : result.title,
    result.rate < 100 ? result.rate.toFixed(1) : thousands(Math.round(result.rate)),
    `${thousands(Math.round(result.ownMicroseconds))} + ${thousands(Math.round(result.postgresMicroseconds))}`,
    result.p50Ms.toFixed(1),
    result.p99Ms?.toFixed(1) ?? '–',
    result.peakResidentBytes === 0 ? '–' : mib(result.peakResidentBytes),
    [
      ...result.ratios.map(
        ({ to, rate, cpu }) => `${rate.toFixed(2)} (${cpu.toFixed(2)}) of ${titleOf(to, results)}`,
      ),
      ...(result.refusedShare === 0 ? [] : [`${(result.refusedShare * 100).toFixed(1)} % refused`]),
    ].join('; '),
  ].join(' | ')} |`;

const titleOf = (name: string, results: readonly Result[]): string =>
  results.find(({ row }) => row === name)?.title ?? name;
const thousands = (value: number): string => value.toLocaleString('en');
const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(0);
