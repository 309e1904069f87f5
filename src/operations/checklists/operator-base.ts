import type { Config } from '../../config/index.ts';

/**
 * Where an instance takes orders and shows its metrics: with METADATA_OPS_PORT at that port alone. @NOTE the one of this
 * configuration: instances of one service share theirs.
 */
export function operatorBase(url: string, { operations: { port } }: Config): string {
  return port === undefined ? url : Object.assign(new URL(url), { port: String(port) }).origin;
}
