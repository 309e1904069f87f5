/** The index that a CREATE INDEX CONCURRENTLY IF NOT EXISTS builds. */
export interface ConcurrentIndex {
  /** Name as the catalog has it: folded, without quotes and schema. */
  readonly name: string;
  /** Its table as SQL: `incidents`, `public."Odd"`. */
  readonly table: string;
}

/** The index that a statement builds concurrently, or null when it is any other statement. */
export function concurrentIndex(words: readonly string[]): ConcurrentIndex | null {
  const rest = words[1] === 'unique' ? words.toSpliced(1, 1) : words;
  const [name, on, ...target] = rest.slice(6);
  if (rest.slice(0, 6).join(' ') !== 'create index concurrently if not exists') {
    return null;
  }
  if (name === undefined || on !== 'on') {
    return null;
  }
  const [first, dot, second] = target[0] === 'only' ? target.slice(1) : target;
  if (first === undefined) {
    return null;
  }
  return {
    name: catalogName(name),
    table: dot === '.' && second !== undefined ? `${first}.${second}` : first,
  };
}

function catalogName(identifier: string): string {
  return identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier;
}
