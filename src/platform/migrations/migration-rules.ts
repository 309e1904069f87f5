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
