/** A statement in the words of OpenTelemetry's conventions for databases: `INSERT`, `INSERT incidents`. */
export interface StatementDescription {
  readonly operation: string;
  readonly summary: string;
}

const describedMax = 500;

/** What a statement says of itself where it is looked for: the first of these that it holds. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\binsert\s+into\s+"?(\w+)/i, 'INSERT'],
  // @NOTE `for update` and `on conflict … do update set` are no updates.
  [/\bupdate\s+"?(\w+)"?(?:\s+(?:as\s+)?\w+)?\s+set\b/i, 'UPDATE'],
  [/\bdelete\s+from\s+"?(\w+)/i, 'DELETE'],
];

/** The operation of a statement and the table it is about; of one with parts, the part that writes. */
export function describeStatement(text: string): StatementDescription {
  const [writing] = patterns
    .flatMap(([pattern, operation]) => {
      const found = pattern.exec(text);
      return found === null ? [] : [{ at: found.index, operation, table: found[1] }];
    })
    .sort((left, right) => left.at - right.at);
  const keyword = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'UNKNOWN';
  const operation = writing?.operation ?? (keyword === 'WITH' ? 'SELECT' : keyword);
  const table = writing?.table ?? /\bfrom\s+"?([a-z_]\w*)\b"?(?!\s*\()/i.exec(text)?.[1];
  return { operation, summary: table === undefined ? operation : `${operation} ${table}` };
}

/** `describeStatement`, which remembers. Texts are fragments of this code base, so there are few of them. */
export function createStatementDescriber(): typeof describeStatement {
  const described = new Map<string, StatementDescription>();
  return (text) => {
    const known = described.get(text);
    if (known !== undefined) {
      return known;
    }
    const description = describeStatement(text);
    if (described.size < describedMax) {
      described.set(text, description);
    }
    return description;
  };
}
