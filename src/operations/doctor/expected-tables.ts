import type { Migration } from '../../platform/migrations/migration.ts';

/** The tables that are there once every migration is applied, without those that a later one drops or renames. */
export function expectedTables(migrations: readonly Pick<Migration, 'statements'>[]): readonly string[] {
  const tables = new Set<string>();
  for (const { words } of migrations.flatMap(({ statements }) => statements)) {
    const [verb, kind, ...rest] = words;
    if (kind !== 'table') {
      continue;
    }
    const names = rest.filter((word) => !optional.includes(word));
    const [name = '', ...after] = names;
    if (verb === 'create') {
      tables.add(name);
    } else if (verb === 'drop') {
      for (const each of names) {
        tables.delete(each);
      }
    } else if (verb === 'alter' && after[0] === 'rename' && after[1] === 'to') {
      tables.delete(name);
      tables.add(after[2] ?? '');
    }
  }
  return [...tables];
}

const optional = ['if', 'not', 'exists', 'only'];
