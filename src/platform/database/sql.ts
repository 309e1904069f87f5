/** A statement or a piece of one: text with `$1, $2, …` and the values that belong there. */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

class Fragment implements Sql {
  readonly parts: readonly string[];
  readonly values: readonly unknown[];
  #text: string | undefined;

  constructor(parts: readonly string[], values: readonly unknown[]) {
    this.parts = parts;
    this.values = values;
  }

  get text(): string {
    this.#text ??= this.parts.reduce(
      (text, part, index) => (index === 0 ? part : `${text}$${index}${part}`),
      '',
    );
    return this.#text;
  }
}

/**
 * SQL with its values beside it, never inside it: `` sql`select 1 where id = ${id} ${more}` ``. A value that is itself
 * a fragment is spliced in; anything else becomes a parameter. There is no way to put a runtime string into the text.
 */
export function sql(strings: TemplateStringsArray, ...inputs: readonly unknown[]): Sql {
  const parts: string[] = [strings[0] ?? ''];
  const values: unknown[] = [];
  inputs.forEach((input, index) => {
    const after = strings[index + 1] ?? '';
    if (input instanceof Fragment) {
      parts[parts.length - 1] += input.parts[0] ?? '';
      parts.push(...input.parts.slice(1));
      values.push(...input.values);
      parts[parts.length - 1] += after;
    } else {
      values.push(input);
      parts.push(after);
    }
  });
  return new Fragment(parts, values);
}

/** Nothing at all. */
export const nothing: Sql = sql``;

/** The fragment where the condition holds, else nothing. */
export const when = (condition: unknown, fragment: () => Sql): Sql => (condition ? fragment() : nothing);

/** The fragments with `separator` between them. */
export const join = (fragments: readonly Sql[], separator: Sql): Sql =>
  fragments.reduce((all, next, index) => (index === 0 ? next : sql`${all}${separator}${next}`), nothing);

/** A quoted column name. Names come from schemas in this code base; anything else is refused. */
export function column(name: string): Sql {
  if (!/^[a-z_]+$/.test(name)) {
    throw new Error(`"${name}" is not a column name`);
  }
  return new Fragment([`"${name}"`], []);
}

/** `a = $1, b = $2` for the fields that are given (undefined ones are left alone). */
export const assignments = (fields: Readonly<Record<string, unknown>>): Sql =>
  join(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => sql`${column(name)} = ${value}`),
    sql`, `,
  );

/**
 * True of a row that these fields would change (undefined ones are left alone): `(a is distinct from $1 or …)`. Each value is compared
 * as its column's type, so JSON by what it says. An update that has it in its `where` writes nothing where nothing changes.
 */
export function differing(fields: Readonly<Record<string, unknown>>): Sql {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const differences = given.map(([name, value]) => sql`${column(name)} is distinct from ${value}`);
  return given.length === 0 ? sql`false` : sql`(${join(differences, sql` or `)})`;
}

/** `(a, b) values ($1, $2)` for the fields that are given (undefined ones take the column's default). */
export function insertion(fields: Readonly<Record<string, unknown>>): Sql {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const names = join(
    given.map(([name]) => column(name)),
    sql`, `,
  );
  const values = join(
    given.map(([, value]) => sql`${value}`),
    sql`, `,
  );
  return sql`(${names}) values (${values})`;
}
