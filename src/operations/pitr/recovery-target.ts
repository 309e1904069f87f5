import { RefusedError } from '../../platform/errors/operation-error.ts';

/** How far a recovery goes. */
export type RecoveryTarget =
  | { readonly type: 'latest' }
  /** Every transaction that was committed by then, and none after. ISO 8601 with a zone. */
  | { readonly type: 'time'; readonly at: string }
  /** A place in the write-ahead log: `0/7000148`, as `select pg_current_wal_lsn()` says. */
  | { readonly type: 'lsn'; readonly at: string };

/** The arguments of `pgbackrest restore`. Throws RefusedError where the target cannot be read. */
export function targetArguments(target: RecoveryTarget): string[] {
  if (target.type === 'latest') {
    return ['--type=default'];
  }
  // @NOTE without it PostgreSQL stops at the target and stays read-only, waiting for a person.
  const promote = '--target-action=promote';
  if (target.type === 'lsn') {
    if (!/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/i.test(target.at)) {
      throw new RefusedError(`"${target.at}" is no place in the write-ahead log; write 0/7000148`);
    }
    return ['--type=lsn', `--target=${target.at}`, promote];
  }
  const [, day, time, zone] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,6})?)(Z|[+-]\d\d(?::?\d\d)?)$/.exec(target.at) ?? [];
  if (
    day === undefined ||
    time === undefined ||
    zone === undefined ||
    Number.isNaN(Date.parse(`${day}T${time.slice(0, 8)}Z`))
  ) {
    throw new RefusedError(`"${target.at}" is no time with a zone; write 2025-10-24T04:00:00Z`);
  }
  return ['--type=time', `--target=${day} ${time}${zone === 'Z' ? '+00' : zone}`, promote];
}
