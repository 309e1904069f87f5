import type { Migration } from '../../platform/migrations/migration.ts';

/** An index that the migrations make. */
export interface ExpectedIndex {
  readonly name: string;
  readonly isUnique: boolean;
  /** What makes it: for whoever has to make it again. */
  readonly sql: string;
}

/**
 * The indexes that are there once every migration is applied: those made by `create index` and by named unique
 * constraints, without those that a later one drops or renames.
 */
export function expectedIndexes(
  migrations: readonly Pick<Migration, 'statements'>[],
): readonly ExpectedIndex[] {
  const indexes = new Map<string, ExpectedIndex>();
  for (const { words, text } of migrations.flatMap(({ statements }) => statements)) {
    const created = createdIndex(words);
    if (created !== undefined) {
      indexes.set(created.name, { ...created, sql: text });
    }
    for (const name of uniqueConstraints(words)) {
      indexes.set(name, { name, isUnique: true, sql: `constraint of: ${words.slice(0, 3).join(' ')}` });
    }
    for (const name of dropped(words)) {
      indexes.delete(name);
    }
    rename(words, indexes);
  }
  return [...indexes.values()];
}

const optional = ['unique', 'concurrently', 'if', 'not', 'exists'];

function createdIndex(words: readonly string[]): Omit<ExpectedIndex, 'sql'> | undefined {
  const at = words.indexOf('index');
  if (words[0] !== 'create' || at === -1 || at > 2) {
    return undefined;
  }
  const name = words.slice(at + 1).find((word) => !optional.includes(word));
  return name === undefined ? undefined : { name, isUnique: words[1] === 'unique' };
}

const uniqueConstraints = (words: readonly string[]): string[] =>
  words.flatMap((word, at) => {
    const [name, kind] = [words[at + 1], words[at + 2]];
    return word === 'constraint' && name !== undefined && kind === 'unique' ? [name] : [];
  });

function dropped(words: readonly string[]): readonly string[] {
  if (words[0] === 'drop' && words[1] === 'index') {
    return words.slice(2);
  }
  const at = words.findIndex((word, index) => word === 'drop' && words[index + 1] === 'constraint');
  return at === -1 ? [] : words.slice(at + 2, at + 5);
}

function rename(words: readonly string[], indexes: Map<string, ExpectedIndex>): void {
  const to = words.indexOf('to');
  const [from, name] = [words[to - 2], words[to + 1]];
  if (words.slice(0, 2).join(' ') !== 'alter index' || words[to - 1] !== 'rename') {
    return;
  }
  const known = from === undefined ? undefined : indexes.get(from);
  if (from !== undefined && name !== undefined && known !== undefined) {
    indexes.delete(from);
    indexes.set(name, { ...known, name });
  }
}
