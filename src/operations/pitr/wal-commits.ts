/** What a transaction did to a relation. */
export interface WalChange {
  readonly kind: 'delete' | 'update' | 'truncate' | 'drop';
  /** Its oid in pg_class; of rows that were deleted or updated, the number of its file: `pg_relation_filenode`. */
  readonly relation: number;
  /** That were deleted or updated; 0 for the others. */
  readonly rows: number;
}

/** A transaction that was committed, by what the write-ahead log tells of it. */
export interface WalCommit {
  /** ISO 8601 in microseconds, UTC. */
  readonly committedAt: string;
  readonly transaction: number;
  /**
   * Where the record before the commit begins: a recovery to this place ends behind that one, so that all that was committed before
   * is there, and this is not.
   */
  readonly before: string;
  /** In the database that was asked for. */
  readonly changes: readonly WalChange[];
}

interface Pending {
  readonly rows: Map<string, number>;
  readonly locked: Set<number>;
}

const kindOf: Readonly<Record<string, 'delete' | 'update'>> = {
  DELETE: 'delete',
  UPDATE: 'update',
  HOT_UPDATE: 'update',
};

/**
 * Gathers, from the lines of pg_waldump in their order, what each transaction did to a database. pg_waldump must run with TZ=UTC.
 * @NOTE TRUNCATE and what rewrites a table (VACUUM FULL, ALTER … TYPE) look alike: the table has a new file.
 */
export class WalReader {
  /** Of the last record that was read. */
  lastLsn: string | undefined;
  readonly #database: number;
  readonly #pending = new Map<number, Pending>();

  /** @param database its oid */
  constructor(database: number) {
    this.#database = database;
  }

  /** What a line ends, if it ends a transaction by a commit. */
  read(line: string): WalCommit | undefined {
    const [, manager, tx = '', lsn, prev = '', what = '', desc = ''] =
      /^rmgr: (\w+) .*?tx: +(\d+), lsn: (\S+), prev (\S+), desc: (\S+)(.*)$/.exec(line) ?? [];
    if (lsn === undefined) {
      return undefined;
    }
    this.lastLsn = lsn;
    const transaction = Number(tx);
    if (manager === 'Heap') {
      this.#note(transaction, kindOf[what], desc);
    } else if (manager === 'Standby' && what === 'LOCK') {
      for (const [, xid, database, relation] of desc.matchAll(/xid (\d+) db (\d+) rel (\d+)/g)) {
        if (Number(database) === this.#database) {
          this.#of(Number(xid)).locked.add(Number(relation));
        }
      }
    } else if (manager === 'Transaction' && what === 'COMMIT') {
      return this.#commit(transaction, prev, desc);
    } else if (manager === 'Transaction' && what === 'ABORT') {
      this.#pending.delete(transaction);
    }
    return undefined;
  }

  #of(transaction: number): Pending {
    const pending = this.#pending.get(transaction) ?? { rows: new Map(), locked: new Set() };
    this.#pending.set(transaction, pending);
    return pending;
  }

  #note(transaction: number, kind: 'delete' | 'update' | undefined, desc: string): void {
    const [, database, file] = /rel \d+\/(\d+)\/(\d+)/.exec(desc) ?? [];
    if (kind !== undefined && Number(database) === this.#database) {
      const { rows } = this.#of(transaction);
      const key = `${kind} ${file}`;
      rows.set(key, (rows.get(key) ?? 0) + 1);
    }
  }

  #commit(transaction: number, before: string, desc: string): WalCommit | undefined {
    const [, day = '', time = ''] = /^ (\S+) (\S+) UTC/.exec(desc) ?? [];
    const below = numbersIn(/; subxacts: ([\d ]+)/.exec(desc)?.[1] ?? '');
    const rows = new Map<string, number>();
    const locked = new Set<number>();
    for (const xid of [transaction, ...below]) {
      const pending = this.#pending.get(xid);
      for (const [key, count] of pending?.rows ?? []) {
        rows.set(key, (rows.get(key) ?? 0) + count);
      }
      for (const relation of pending?.locked ?? []) {
        locked.add(relation);
      }
      this.#pending.delete(xid);
    }
    const dropped = [...desc.matchAll(/\b2\/(\d+)\/(\d+)/g)].flatMap(([, database, relation]) =>
      desc.includes('dropped stats:') && Number(database) === this.#database ? [Number(relation)] : [],
    );
    const hasNewFile = dropped.length === 0 && desc.includes(`/${this.#database}/`);
    const changes: WalChange[] = [
      ...dropped.map((relation) => ({ kind: 'drop' as const, relation, rows: 0 })),
      ...(hasNewFile ? [...locked] : []).map((relation) => ({
        kind: 'truncate' as const,
        relation,
        rows: 0,
      })),
      ...[...rows].map(([key, count]): WalChange => {
        const [kind, file] = key.split(' ');
        return { kind: kind === 'delete' ? 'delete' : 'update', relation: Number(file), rows: count };
      }),
    ];
    return changes.length === 0
      ? undefined
      : { committedAt: `${day}T${time}Z`, transaction, before, changes };
  }
}

const numbersIn = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
