import { concurrentIndex } from './concurrent-index.ts';
import type { SqlStatement } from './sql-statements.ts';

const transactionControl = new Set([
  'abort',
  'begin',
  'commit',
  'end',
  'release',
  'rollback',
  'savepoint',
  'start',
]);

/**
 * What is wrong with the statements of one migration, each `LINE: what is wrong`. The runner owns the transaction, so
 * a file holds no transaction control; outside one it holds a single statement that may be repeated, since a run can
 * be cut off after the statement and before its row.
 */
export function statementFaults(statements: readonly SqlStatement[], transactional: boolean): string[] {
  const [only, second] = statements;
  if (only === undefined) {
    return ['1: there is no statement'];
  }
  const faults = statements.filter(controlsTransaction).map(({ line, words }) => {
    return `${line}: ${words[0]?.toUpperCase()} is not allowed, a migration is one transaction already`;
  });
  faults.push(...rowSecurityFaults(statements));
  if (transactional) {
    return faults;
  }
  if (second !== undefined) {
    faults.push(`${second.line}: no-transaction allows one statement, this is the second`);
  }
  const fault = repeatFault(only);
  if (fault !== null) {
    faults.push(`${only.line}: ${fault}`);
  }
  return faults;
}

/**
 * A migration may let the owner of a table see the rows of all tenants, and takes that back before it ends; it leaves the guard on that the
 * runner sets against statements that would not see them (`row_security`).
 */
function rowSecurityFaults(statements: readonly SqlStatement[]): string[] {
  const guards = statements
    .filter(({ words }) => words.includes('row_security'))
    .map(({ line }) => `${line}: row_security stays off; write NO FORCE ROW LEVEL SECURITY instead`);
  const unforced = new Map<string, number>();
  for (const { words, line } of statements) {
    const [table, isForced] = forcing(words) ?? [];
    if (table !== undefined && isForced) {
      unforced.delete(table);
    } else if (table !== undefined) {
      unforced.set(table, line);
    }
  }
  const left = [...unforced].map(
    ([table, line]) =>
      `${line}: ${table} is left without FORCE ROW LEVEL SECURITY; force it again in this migration`,
  );
  return [...guards, ...left];
}

/** The table whose row-level security a statement forces, and whether it does; undefined for any other statement. */
function forcing(words: readonly string[]): readonly [string, boolean] | undefined {
  const text = words.join(' ');
  const change =
    /^alter table (?:if exists )?(?:only )?(?:public \. )?(\S+) .*?(no )?force row level security/.exec(text);
  return change === null ? undefined : [change[1] ?? '', change[2] === undefined];
}

function controlsTransaction({ words: [first = '', second] }: SqlStatement): boolean {
  return transactionControl.has(first) || (first === 'prepare' && second === 'transaction');
}

function repeatFault({ words }: SqlStatement): string | null {
  const [command, object] = words;
  if (!words.slice(0, 4).includes('concurrently')) {
    return null;
  }
  if (command === 'drop' && words[3] !== 'if') {
    return 'write DROP INDEX CONCURRENTLY IF EXISTS, so that it can be repeated';
  }
  if (
    command !== 'create' ||
    (object !== 'index' && object !== 'unique') ||
    concurrentIndex(words) !== null
  ) {
    return null;
  }
  return 'write CREATE INDEX CONCURRENTLY IF NOT EXISTS name ON table, so that it can be repeated';
}
