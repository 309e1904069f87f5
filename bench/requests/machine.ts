import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import pg from 'pg';

/** What a benchmark ran on. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes: number;
  /** `Linux 6.1` */
  readonly system: string;
  readonly node: string;
  readonly postgres: string;
}

export async function describeMachine(dsn: string): Promise<Machine> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  await client.end();
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    system: `${type()} ${release().split('.').slice(0, 2).join('.')}`,
    node: process.versions.node,
    postgres: rows[0]?.server_version.split(' ')[0] ?? 'unknown',
  };
}
