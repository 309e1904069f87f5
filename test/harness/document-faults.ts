import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { recordingGroups } from '../../monitoring/catalogue.ts';
import { metricsOf, nodesOf, parsePromql } from '../../monitoring/promql.ts';
import { environmentLabel } from '../../monitoring/selectors.ts';
import { allSettings } from '../../src/config/settings.ts';
import { anchorsOf, fencesOf, linksOf } from './markdown.ts';
import { seriesNames } from './metric-names.ts';

const programs = ['curl', 'jq', 'promtool', 'amtool', 'redis-cli', 'openssl', 'brownie'];
const helpers = ['tail', 'sort', 'uniq', 'grep', 'echo'];
const variables = [
  'BROWNIE_URL',
  'PROMETHEUS_URL',
  'ALERTMANAGER_URL',
  'FRONT_URL',
  'HAPROXY_URL',
  'OPERATOR_TOKEN',
  'METADATA_POSTGRES_DSN',
  'LOG',
];

/** Links of a document that lead nowhere: relative ones, with their anchors. `path` is where the document is. */
export function brokenLinks(markdown: string, path: string): string[] {
  return linksOf(markdown).filter((link) => {
    if (/^[a-z]+:/.test(link)) {
      return false;
    }
    const [file = '', anchor = ''] = link.split('#');
    const target = file === '' ? path : join(dirname(path), decodeURI(file));
    return (
      !existsSync(target) || (anchor !== '' && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor))
    );
  });
}

/** What `brownie` is told to do in a document: `migrate --status`. */
export const brownieCommands = (markdown: string): string[] => [
  ...new Set(
    [...markdown.matchAll(/(?:^|`)brownie ((?:[a-z-]+)(?: --[a-z-]+)*)/gm)].map(
      ([, command = '']) => command,
    ),
  ),
];

/** Shell blocks that bash cannot parse; blocks with a `<placeholder>` are filled first. */
export function unparsable(markdown: string): string[] {
  const blocks = fencesOf(markdown).filter(({ info }) => info.startsWith('bash'));
  const filled = blocks.map(({ text }) => text.replace(/<[a-z][a-z -]*>/g, 'x'));
  // @NOTE one process of ours for all of them: to start one of such a size takes longer than bash takes for a block.
  const { stdout } = spawnSync('bash', ['-c', parseEach, 'bash', ...filled], { encoding: 'utf8' });
  const answers = stdout.split('\0');
  return blocks.flatMap(({ line }, index) =>
    answers[index] === '0 ' ? [] : [`line ${line}: ${answers[index]}`],
  );
}

/** Writes of each of its arguments whether bash can parse it: an exit code, then why not. */
const parseEach = `for block; do
  why=$(bash -n <<<"$block" 2>&1)
  printf '%s %s\\0' $? "$why"
done`;

/** Blocks marked `bash run` that would need more than they may: another program, another variable, a placeholder. */
export function unfitToRun(markdown: string): string[] {
  return fencesOf(markdown)
    .filter(({ info }) => info === 'bash run')
    .flatMap(({ text, line }) => {
      const used = programsOf(text).filter((name) => ![...programs, ...helpers].includes(name));
      const foreign = [...text.matchAll(/\$\{?([A-Z_]+)/g)]
        .map(([, name = '']) => name)
        .filter((name) => !variables.includes(name));
      const placeholders = text.match(/<[a-z][a-z -]*>/g) ?? [];
      return [...used, ...foreign, ...placeholders].map((what) => `line ${line}: ${what}`);
    });
}

/** The programs of a script: the first word of each command, quoted text left out. */
function programsOf(script: string): string[] {
  const bare = script
    .replace(/\\\n/g, ' ')
    .replace(/'[^']*'/g, "''")
    .replace(/"[^"]*"/g, '""')
    .replace(/^#.*$/gm, '');
  return bare
    .split(/\n|\|\|?|&&|;/)
    .map((command) => command.trim().split(/\s+/)[0] ?? '')
    .filter((word) => word !== '');
}

/** What a document asks Prometheus: in quotes, in a command of promtool. */
export const queriesOf = (markdown: string): string[] =>
  fencesOf(markdown).flatMap(({ text }) =>
    [...text.matchAll(/promtool query instant \S+[\s\\]*'([^']+)'/g)].map(([, query = '']) => query),
  );

/** Queries that take the environments of one Prometheus together. */
export const mixedEnvironments = (markdown: string): string[] =>
  queriesOf(markdown).filter((query) =>
    nodesOf(parsePromql(query), 'AggregateExpr').some((aggregation) => {
      const modifier = aggregation.getChild('AggregateModifier');
      const labels = modifier === null ? [] : nodesOf(modifier, 'LabelName');
      return !labels.some(({ from, to }) => query.slice(from, to) === environmentLabel);
    }),
  );

/** Names in a document that look like metrics of ours and are none, and metrics that its queries name wrongly. */
export function unknownMetrics(markdown: string): string[] {
  const known = new Set([
    ...seriesNames(),
    ...recordingGroups.flatMap(({ recordings }) => recordings.map(({ name }) => name)),
    ...['up', 'ALERTS'],
  ]);
  const queried = queriesOf(markdown).flatMap(metricsOf);
  const named = [
    ...markdown.matchAll(
      /`((?:http|database|db|jwt|probe|haproxy|authentication|brownie|process|nodejs|tls|audit)[a-z0-9_:]*_[a-z0-9_:]+)`/g,
    ),
  ].map(([, name = '']) => name);
  const isKnown = (name: string): boolean => known.has(name) || known.has(`${name}_bucket`);
  return [...queried.filter((name) => !known.has(name)), ...named.filter((name) => !isKnown(name))];
}

/** Settings that a document names and the service does not have. */
export function unknownSettings(markdown: string): string[] {
  const known = new Set(
    allSettings.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
  );
  const named = [...markdown.matchAll(/\b(?:METADATA|OTEL)_[A-Z0-9_]*[A-Z0-9]/g)].map(([name]) => name);
  return [...new Set(named)].filter((name) => !known.has(name));
}
