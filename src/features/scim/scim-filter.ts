import { ApiError } from '../../platform/errors/api-error.ts';

/** What a value of a filter may be (RFC 7644, 3.4.2.2). */
export type FilterValue = string | number | boolean | null;

/** `userName eq "ada"`; of what is written as `emails[type eq "work"]`, `where` says of which. Names of attributes are in lower case. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly all: readonly Filter[] }
  | { readonly kind: 'eq'; readonly path: string; readonly value: FilterValue }
  | { readonly kind: 'where'; readonly path: string; readonly where: Filter };

/** The path of an operation: `name.givenName`, `emails[type eq "work"].value`. */
export interface ScimPath {
  /** In lower case; empty for an attribute of a schema that is not kept here. */
  readonly attribute: string;
  readonly where?: Filter;
  readonly sub?: string;
}

const lengthMax = 2_000;
const termsMax = 50;
const depthMax = 8;
const token =
  /\s*(?:(?<word>[A-Za-z$_][\w$.:-]*)|(?<text>"(?:[^"\\]|\\.)*")|(?<number>-?\d+(?:\.\d+)?)|(?<mark>[()[\].]))/y;
const ofOurs = /^urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):/;

/** Reads a filter; throws 400 `scim.invalid_filter` for what is none, or has another operator than eq, and, or. */
export function parseFilter(text: string): Filter {
  const reader = new FilterReader(text, 'scim.invalid_filter');
  const filter = reader.or(0);
  reader.end();
  return filter;
}

/** Reads the path of an operation; throws 400 `scim.invalid_path`. */
export function parsePath(text: string): ScimPath {
  const reader = new FilterReader(text, 'scim.invalid_path');
  const path = reader.path();
  reader.end();
  return path;
}

class FilterReader {
  readonly #text: string;
  readonly #code: 'scim.invalid_filter' | 'scim.invalid_path';
  #at = 0;
  #terms = 0;

  constructor(text: string, code: 'scim.invalid_filter' | 'scim.invalid_path') {
    this.#text = text;
    this.#code = code;
    if (text.length > lengthMax) {
      throw this.#refusal('it is too long');
    }
  }

  or(depth: number): Filter {
    return this.#list('or', () => this.#list('and', () => this.#term(depth)));
  }

  path(): ScimPath {
    const name = nameOf(this.#word('an attribute'));
    if (name === '') {
      this.#at = this.#text.length;
      return { attribute: '' };
    }
    const [attribute = '', sub, ...rest] = name.split('.');
    if (rest.length > 0 || attribute === '' || sub === '') {
      throw this.#refusal('an attribute has one attribute below it at most');
    }
    if (sub !== undefined || this.#peek('mark') !== '[') {
      return { attribute, ...(sub === undefined ? {} : { sub }) };
    }
    const where = this.#brackets(0);
    if (this.#peek('mark') !== '.') {
      return { attribute, where };
    }
    this.#next();
    return { attribute, where, sub: this.#below() };
  }

  end(): void {
    if (/\S/.test(this.#text.slice(this.#at))) {
      throw this.#refusal('there is more than it takes');
    }
  }

  #list(kind: 'and' | 'or', next: () => Filter): Filter {
    const all = [next()];
    while (this.#peek('word')?.toLowerCase() === kind) {
      this.#next();
      all.push(next());
    }
    const [only] = all;
    return all.length === 1 && only !== undefined ? only : { kind, all };
  }

  #term(depth: number): Filter {
    this.#terms += 1;
    if (depth > depthMax || this.#terms > termsMax) {
      throw this.#refusal('there is too much of it');
    }
    if (this.#peek('mark') === '(') {
      this.#next();
      const inner = this.or(depth + 1);
      this.#expect(')');
      return inner;
    }
    const path = nameOf(this.#word('an attribute'));
    if (this.#peek('mark') !== '[') {
      return this.#comparison(path);
    }
    const where = this.#brackets(depth);
    if (this.#peek('mark') !== '.') {
      return { kind: 'where', path, where };
    }
    // @NOTE as Entra writes it, though no grammar has it: emails[type eq "work"].value eq "ada@example.com"
    this.#next();
    const inner = this.#comparison(this.#below());
    return { kind: 'where', path, where: { kind: 'and', all: [where, inner] } };
  }

  /** The name of an attribute below another one. */
  #below(): string {
    const name = this.#word('an attribute').toLowerCase();
    if (/[.:]/.test(name)) {
      throw this.#refusal('an attribute has one attribute below it at most');
    }
    return name;
  }

  #comparison(path: string): Filter {
    const operator = this.#word('an operator').toLowerCase();
    if (operator !== 'eq') {
      throw this.#refusal(`the operator ${operator.slice(0, 10)} is not taken: eq is`);
    }
    return { kind: 'eq', path, value: this.#value() };
  }

  #value(): FilterValue {
    const { word, text, number } = this.#next();
    if (text !== undefined) {
      try {
        return JSON.parse(text) as string;
      } catch {
        throw this.#refusal('a text in it is not written as JSON has it');
      }
    }
    if (number !== undefined) {
      return Number(number);
    }
    const literal = { true: true, false: false, null: null }[word?.toLowerCase() ?? ''];
    if (literal === undefined) {
      throw this.#refusal('a value is missing');
    }
    return literal;
  }

  #brackets(depth: number): Filter {
    this.#expect('[');
    const inner = this.or(depth + 1);
    this.#expect(']');
    return inner;
  }

  #word(what: string): string {
    const { word } = this.#next();
    if (word === undefined) {
      throw this.#refusal(`${what} is missing`);
    }
    return word;
  }

  #expect(mark: string): void {
    if (this.#next().mark !== mark) {
      throw this.#refusal(`${mark} is missing`);
    }
  }

  #peek(kind: 'word' | 'mark'): string | undefined {
    token.lastIndex = this.#at;
    return token.exec(this.#text)?.groups?.[kind];
  }

  #next(): Partial<Record<'word' | 'text' | 'number' | 'mark', string>> {
    token.lastIndex = this.#at;
    const found = token.exec(this.#text);
    if (found === null) {
      throw this.#refusal('it ends too early, or has what does not belong there');
    }
    this.#at = token.lastIndex;
    return found.groups ?? {};
  }

  #refusal(why: string): ApiError {
    const what = this.#code === 'scim.invalid_filter' ? 'The filter' : 'The path of an operation';
    return new ApiError(this.#code, { detail: `${what} cannot be read: ${why}` });
  }
}

/** The name of an attribute, in lower case and without the name of our own schemas; empty for one of another schema. */
function nameOf(word: string): string {
  const name = word.toLowerCase();
  const ours = name.replace(ofOurs, '');
  return ours.startsWith('urn:') ? '' : ours;
}
