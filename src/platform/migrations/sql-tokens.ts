/** A lexical piece of SQL text. `start` and `end` are offsets into the text, in UTF-16 units, `end` exclusive. */
export interface SqlToken {
  readonly kind: 'comment' | 'identifier' | 'literal' | 'symbol' | 'word';
  readonly start: number;
  readonly end: number;
}

// @NOTE An unclosed quote runs to the end of the text: the server then names the place better than we could.
const patterns: readonly (readonly [SqlToken['kind'], RegExp])[] = [
  ['comment', /--[^\n]*/y],
  ['literal', /[eE]'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*(?:'|$)/y],
  ['literal', /(?:[bBxXnN]|[uU]&)?'[^']*(?:''[^']*)*(?:'|$)/y],
  ['identifier', /(?:[uU]&)?"[^"]*(?:""[^"]*)*(?:"|$)/y],
  ['word', /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y],
  ['literal', /\d[\w.]*/y],
];
const space = /\s+/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

/**
 * Splits SQL text into tokens without the white space, by the lexical rules of PostgreSQL
 * (https://www.postgresql.org/docs/current/sql-syntax-lexical.html) with standard_conforming_strings on. Never throws.
 */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let start = 0;
  while (start < sql.length) {
    const blank = matchEnd(space, sql, start);
    if (blank !== undefined) {
      start = blank;
      continue;
    }
    const token = tokenAt(sql, start);
    tokens.push(token);
    start = token.end;
  }
  return tokens;
}

function tokenAt(sql: string, start: number): SqlToken {
  if (sql.startsWith('/*', start)) {
    return { kind: 'comment', start, end: blockCommentEnd(sql, start) };
  }
  const tagEnd = matchEnd(dollarTag, sql, start);
  if (tagEnd !== undefined) {
    const tag = sql.slice(start, tagEnd);
    const close = sql.indexOf(tag, tagEnd);
    return { kind: 'literal', start, end: close === -1 ? sql.length : close + tag.length };
  }
  for (const [kind, pattern] of patterns) {
    const end = matchEnd(pattern, sql, start);
    if (end !== undefined) {
      return { kind, start, end };
    }
  }
  return { kind: 'symbol', start, end: start + 1 };
}

/** Block comments nest in PostgreSQL. */
function blockCommentEnd(sql: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let match = mark.exec(sql); match !== null; match = mark.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) {
      return mark.lastIndex;
    }
  }
  return sql.length;
}

function matchEnd(pattern: RegExp, sql: string, start: number): number | undefined {
  pattern.lastIndex = start;
  return pattern.test(sql) ? pattern.lastIndex : undefined;
}
