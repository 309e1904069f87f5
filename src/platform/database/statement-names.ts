const namesMax = 500;

/**
 * Names for statements, so that each connection parses and plans a text once. Texts are built from fragments of this
 * code base, so there are few of them; past the limit a statement goes without a name, which costs time, not memory.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();

  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= namesMax) {
      return known;
    }
    const name = `s${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}
