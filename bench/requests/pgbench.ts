import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from '../../src/platform/programs/run-to-end.ts';

/** What pgbench got through. */
export interface Transactions {
  readonly count: number;
  /** A second, without the time in which it connects. */
  readonly rate: number;
  readonly connectingSeconds: number;
  /** @NOTE an average: pgbench says no percentiles without a log of every transaction, which would cost what is measured. */
  readonly averageMs: number;
}

/**
 * Lets pgbench run a script of prepared statements, on each connection again as soon as it is done.
 * @param limit how many transactions each client runs, or for how many seconds all do, connecting included
 */
export async function pgbench(
  dsn: string,
  script: string,
  limit: { readonly transactions: number } | { readonly seconds: number },
  { clients, directory }: { readonly clients: number; readonly directory: string },
): Promise<Transactions> {
  const file = join(directory, 'pgbench.sql');
  await writeFile(file, script);
  const until = 'seconds' in limit ? `--time=${limit.seconds}` : `--transactions=${limit.transactions}`;
  const args = ['--no-vacuum', '--protocol=prepared', `--client=${clients}`, until, `--file=${file}`, dsn];
  const { code, stdout, stderr } = await runToEnd('pgbench', args, { directory });
  const figure = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1]);
  const result = {
    count: figure(/transactions actually processed: (\d+)/),
    rate: figure(/tps = ([\d.]+)/),
    connectingSeconds: figure(/initial connection time = ([\d.]+) ms/) / 1_000,
    averageMs: figure(/latency average = ([\d.]+) ms/),
  };
  if (code !== 0 || Object.values(result).some(Number.isNaN)) {
    throw new Error(`pgbench ended with ${code}:\n${stdout}${stderr}`);
  }
  return result;
}
