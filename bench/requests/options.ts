import { parseArgs } from 'node:util';
import { type Row, rows } from './catalogue.ts';

export interface Options {
  readonly rows: readonly Row[];
  readonly connections: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly incidents: number;
  /** The revision of an earlier version, to measure beside this one. */
  readonly earlier?: string | undefined;
  /** A file to write the results to. */
  readonly json?: string | undefined;
  /** Whether to write `docs/performance.md` and what belongs to it. */
  readonly writesDocuments: boolean;
}

/** Reads the arguments of `npm run bench`. Throws an Error that says what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string' },
      connections: { type: 'string', default: '1,32,256' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '3' },
      incidents: { type: 'string', default: '100000' },
      vs: { type: 'string' },
      json: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  return {
    rows: values.rows === undefined ? rows : chosen(values.rows.split(',')),
    connections: values.connections.split(',').map((text) => count('connections', text)),
    rounds: count('rounds', values.rounds),
    seconds: count('seconds', values.seconds),
    incidents: count('incidents', values.incidents),
    earlier: values.vs,
    json: values.json,
    writesDocuments: values['write-docs'],
  };
}

/** Those that are named, and what they are compared with. */
function chosen(names: readonly string[]): readonly Row[] {
  const wanted = new Set(names);
  for (const name of names) {
    const row = rows.find((each) => each.name === name);
    if (row === undefined) {
      throw new Error(`--rows: there is no "${name}"; there are ${rows.map((each) => each.name).join(', ')}`);
    }
    for (const other of row.against ?? []) {
      wanted.add(other);
    }
  }
  return rows.filter(({ name }) => wanted.has(name));
}

function count(option: string, text: string): number {
  if (!/^[1-9]\d{0,7}$/.test(text)) {
    throw new Error(`--${option}: "${text}" is not a whole number above 0`);
  }
  return Number(text);
}
