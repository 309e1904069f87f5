import { lineAt } from './sql-statements.ts';
import { sqlTokens } from './sql-tokens.ts';

/** What the comments before the first statement of a migration say. */
interface MigrationHeader {
  readonly summary: string | null;
  readonly transactional: boolean;
  readonly lockTimeout: string;
  readonly statementTimeout: string;
  /** Each `LINE: what is wrong`. */
  readonly faults: readonly string[];
}

const directive = /^--\s*brownie\s*:(?<items>.*)$/i;
const duration = /^(?:0|[1-9]\d*(?:ms|s|min|h))$/;

/**
 * Reads the header of a migration: its summary and its directives, which stand in comments before the first statement.
 *
 *     -- Adds the severity of incidents.
 *     -- brownie: statement_timeout=10min, lock_timeout=500ms
 *     -- brownie: no-transaction
 *
 * Without directives `lock_timeout` is 500 ms, for all traffic on a table queues behind who waits for its lock, and
 * `statement_timeout` 60 s. A statement outside a transaction has no lock_timeout, and 30 minutes: CREATE INDEX
 * CONCURRENTLY stops nobody while it waits, but is left broken when cut off.
 * @param headerEnd offset of the first statement, UTF-16 units
 */
export function migrationHeader(sql: string, headerEnd: number): MigrationHeader {
  const faults: string[] = [];
  const settings = new Map<string, string>();
  let summary: string | null = null;
  for (const { kind, start, end } of sqlTokens(sql)) {
    if (kind !== 'comment') {
      continue;
    }
    const comment = sql.slice(start, end);
    const items = directive.exec(comment)?.groups?.['items'];
    if (items === undefined) {
      if (start < headerEnd) {
        summary ??= firstLine(comment);
      }
      continue;
    }
    const line = lineAt(sql, start);
    if (start > headerEnd) {
      faults.push(`${line}: a directive stands before the first statement`);
    }
    for (const item of items.split(/[\s,]+/).filter(Boolean)) {
      const [key = '', value] = item.split('=');
      const fault = directiveFault(key, value);
      if (fault === null) {
        settings.set(key, value ?? '');
      } else {
        faults.push(`${line}: ${fault}`);
      }
    }
  }
  const transactional = !settings.has('no-transaction');
  if (!transactional && settings.has('lock_timeout')) {
    faults.push('1: lock_timeout does not go with no-transaction, which waits for locks without a bound');
  }
  return {
    summary,
    transactional,
    lockTimeout: settings.get('lock_timeout') ?? (transactional ? '500ms' : '0'),
    statementTimeout: settings.get('statement_timeout') ?? (transactional ? '60s' : '30min'),
    faults,
  };
}

function directiveFault(key: string, value: string | undefined): string | null {
  if (key === 'no-transaction') {
    return value === undefined ? null : 'no-transaction takes no value';
  }
  if (key !== 'lock_timeout' && key !== 'statement_timeout') {
    return `"${key}" is not a directive`;
  }
  if (value === undefined || !duration.test(value)) {
    return `${key}=${value ?? ''} is not like 500ms, 2s, 10min or 1h`;
  }
  // @NOTE All traffic on a table queues behind a lock request that waits for ever.
  if (key === 'lock_timeout' && value === '0') {
    return 'lock_timeout=0 would stop the traffic behind it: give a bound';
  }
  return null;
}

function firstLine(comment: string): string | null {
  const lines = comment.replace(/^(?:--|\/\*)|\*\/$/g, '').split('\n');
  return lines.map((line) => line.replace(/^[\s*-]+/, '').trim()).find((line) => line !== '') ?? null;
}
