import { drillNames } from './drill-names.ts';
import type { DrillPass } from './drill-pass.ts';

/** A table of all drills with their passes in Markdown, and of each what it measured. */
export function renderRecord(passes: readonly DrillPass[]): string {
  return [
    '# When each drill last passed',
    '',
    'Written by `brownie drill all --record`, not by hand: what was measured where it ran. `brownie checklist monthly` reads the record beside your',
    'backups, or the one that came with this version where you have none.',
    '',
    '| drill | passed | version | form | took |',
    '|---|---|---|---|---|',
    ...drillNames.map((name) =>
      row(
        name,
        passes.find(({ drill }) => drill === name),
      ),
    ),
    ...passes.flatMap(({ drill, figures }) => [
      '',
      `## ${drill}`,
      '',
      '| figure | value |',
      '|---|---|',
      ...figures.map(({ name, value, unit }) => `| ${name} | ${`${rounded(value)} ${unit}`.trim()} |`),
    ]),
    '',
  ].join('\n');
}

function row(name: string, pass: DrillPass | undefined): string {
  if (pass === undefined) {
    return `| ${name} | not recorded yet | | | |`;
  }
  const { passedAt, version, isFull, seconds } = pass;
  const form = isFull ? 'full' : 'short';
  return `| [${name}](#${name}) | ${passedAt.slice(0, 10)} | ${version} | ${form} | ${seconds.toFixed(0)} s |`;
}

const rounded = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));
