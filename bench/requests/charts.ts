import type { Group } from './catalogue.ts';
import type { Report, Result } from './report.ts';

/** On how many connections the pictures are of: the load at which a machine of two cores is busy. */
export const shownConnections = 32;

const groups: readonly Group[] = ['look-ups', 'lists', 'searches', 'writes'];
const colours = { own: '#2563eb', postgres: '#f59e0b', floorOwn: '#9ca3af', floorPostgres: '#d6d3d1' };

/** Pictures of a run, as SVG by name: CPU time a request of each group of rows, and every ratio to a floor. */
export function charts(report: Report): Map<string, string> {
  const shown = report.results.filter(
    ({ connections, subject }) => connections === shownConnections && subject !== 'earlier',
  );
  const ofGroup = (group: Group): Result[] => shown.filter((result) => result.group === group);
  return new Map([
    ...groups
      .filter((group) => ofGroup(group).length > 0)
      .map((group): [string, string] => [`cpu-${group}`, cpuChart(group, ofGroup(group))]),
    ['ratios', ratioChart(shown)],
  ]);
}

function cpuChart(group: Group, results: readonly Result[]): string {
  const bars = results.map(({ title, subject, ownMicroseconds, postgresMicroseconds }) => ({
    label: title,
    parts: [
      { value: ownMicroseconds, colour: subject === 'service' ? colours.own : colours.floorOwn },
      {
        value: postgresMicroseconds,
        colour: subject === 'service' ? colours.postgres : colours.floorPostgres,
      },
    ],
    text: `${whole(ownMicroseconds)} + ${whole(postgresMicroseconds)} µs`,
  }));
  return barChart(`CPU time a request, ${group}: service + PostgreSQL (grey: floors)`, bars);
}

function ratioChart(results: readonly Result[]): string {
  const bars = results.flatMap(({ title, ratios: [first], goal }) =>
    first === undefined
      ? []
      : [
          {
            label: title,
            parts: [{ value: first.rate, colour: colours.own }],
            text: `${first.rate.toFixed(2)} of ${titleOf(results, first.to)}`,
            ...(goal?.rateMin === undefined ? {} : { mark: goal.rateMin }),
          },
        ],
  );
  return barChart('Requests a second, as a share of the floor (line: the goal)', bars);
}

const titleOf = (results: readonly Result[], name: string): string =>
  results.find(({ row }) => row === name)?.title ?? name;
const whole = (value: number): string => Math.round(value).toLocaleString('en');

interface Bar {
  readonly label: string;
  readonly parts: readonly { readonly value: number; readonly colour: string }[];
  readonly text: string;
  /** A line across the bar, at this value. */
  readonly mark?: number;
}

const [width, rowHeight, labelWidth, barWidth, top] = [960, 26, 330, 330, 44];

/** Horizontal bars of stacked parts, on one linear scale. */
function barChart(title: string, bars: readonly Bar[]): string {
  const total = ({ parts, mark = 0 }: Bar): number =>
    Math.max(
      mark,
      parts.reduce((sum, { value }) => sum + value, 0),
    );
  const scale = barWidth / Math.max(...bars.map(total));
  const height = top + bars.length * rowHeight + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="13" role="img">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="10" y="24" font-size="15" font-weight="bold">${escaped(title)}</text>
${bars.map((bar, index) => barOf(bar, top + index * rowHeight, scale)).join('\n')}
</svg>
`;
}

function barOf({ label, parts, text, mark }: Bar, y: number, scale: number): string {
  let x = labelWidth + 10;
  const boxes = parts.map(({ value, colour }) => {
    const length = value * scale;
    const box = `<rect x="${x.toFixed(1)}" y="${y}" width="${length.toFixed(1)}" height="${rowHeight - 8}" fill="${colour}"/>`;
    x += length;
    return box;
  });
  const at = (labelWidth + 10 + (mark ?? 0) * scale).toFixed(1);
  const line = `<line x1="${at}" x2="${at}" y1="${y - 3}" y2="${y + rowHeight - 5}" stroke="#dc2626" stroke-width="2"/>`;
  return [
    `<text x="${labelWidth}" y="${y + 13}" text-anchor="end">${escaped(label)}</text>`,
    ...boxes,
    ...(mark === undefined ? [] : [line]),
    `<text x="${(Math.max(x, Number(at)) + 8).toFixed(1)}" y="${y + 13}" fill="#4b5563">${escaped(text)}</text>`,
  ].join('\n');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
