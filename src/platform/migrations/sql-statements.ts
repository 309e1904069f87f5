import { type SqlToken, sqlTokens } from './sql-tokens.ts';

/** One SQL statement of a file, without its semicolon. */
export interface SqlStatement {
  readonly text: string;
  /** Offset of `text` in the file, in UTF-16 units. */
  readonly start: number;
  /** Line of the first token, from 1. */
  readonly line: number;
  /** Every token but comments: words in lower case, the rest as written. */
  readonly words: readonly string[];
}

/**
 * Splits SQL text at the semicolons that end a statement: not those in quotes, comments, parentheses, or between
 * BEGIN ATOMIC and END of an SQL-standard function body (counted the way psql does it). Never throws.
 */
export function sqlStatements(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let open: { first: SqlToken; last: SqlToken; words: string[]; parens: number; blocks: number } | undefined;
  for (const token of sqlTokens(sql)) {
    if (token.kind === 'comment') {
      continue;
    }
    const text = sql.slice(token.start, token.end);
    if (text === ';' && (open === undefined || (open.parens === 0 && open.blocks === 0))) {
      if (open !== undefined) {
        statements.push(statementOf(sql, open));
      }
      open = undefined;
      continue;
    }
    open ??= { first: token, last: token, words: [], parens: 0, blocks: 0 };
    const word = token.kind === 'word' ? text.toLowerCase() : text;
    open.words.push(word);
    open.last = token;
    open.parens = Math.max(0, open.parens + (word === '(' ? 1 : word === ')' ? -1 : 0));
    if (open.parens === 0 && definesRoutine(open.words)) {
      open.blocks += blockStep(word, open.blocks);
    }
  }
  if (open !== undefined) {
    statements.push(statementOf(sql, open));
  }
  return statements;
}

/** Line of an offset in a text, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
  }
  return line;
}

/**
 * Line, in the file, of an error that the server reports in a statement.
 * @param position characters (not UTF-16 units) from 1, as in the `P` field of an ErrorResponse
 */
export function lineOfPosition(sql: string, statement: SqlStatement, position: number): number {
  const before = Array.from(statement.text)
    .slice(0, position - 1)
    .join('');
  return lineAt(sql, statement.start + before.length);
}

function statementOf(
  sql: string,
  { first, last, words }: { first: SqlToken; last: SqlToken; words: string[] },
) {
  return {
    text: sql.slice(first.start, last.end),
    start: first.start,
    line: lineAt(sql, first.start),
    words,
  };
}

function definesRoutine([create, second, third, fourth]: readonly string[]): boolean {
  if (create !== 'create') {
    return false;
  }
  const kind = second === 'or' && third === 'replace' ? fourth : second;
  return kind === 'function' || kind === 'procedure';
}

function blockStep(word: string, blocks: number): number {
  if (word === 'begin') {
    return 1;
  }
  if (blocks === 0) {
    return 0;
  }
  return word === 'case' ? 1 : word === 'end' ? -1 : 0;
}
