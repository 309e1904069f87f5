import { createHash } from 'node:crypto';

const namesMax = 500;

/**
 * Names for statements, so that each connection parses and plans a text once. Texts are built from fragments of this
 * code base, so there are few of them; past the limit a statement goes without a name, which costs time, not memory.
 *
 * @NOTE a name is made of its text, not counted: whoever else uses the connection gives the same name to the same text, and
 * another to any other.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();

  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= namesMax) {
      return known;
    }
    // @NOTE 144 bits; PostgreSQL keeps 63 bytes of a name.
    const name = `s-${createHash('sha256').update(text).digest('base64url').slice(0, 24)}`;
    this.#names.set(text, name);
    return name;
  }
}
