/** A key or a value of a JSON text, and where it stands. */
export interface Place {
  /** A JSON pointer (RFC 6901); of a key, to its value. */
  readonly pointer: string;
  /** Of its first character in the text, UTF-16 units. */
  readonly offset: number;
  /** Whether it is a key that its object has already. */
  readonly isRepeatedKey: boolean;
}

interface Container {
  /** The keys so far; undefined in a list. */
  readonly keys: Set<string> | undefined;
  /** The key or the index that is at hand. */
  at: string | number;
  expectsKey: boolean;
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Every key, string, number and literal of a valid JSON text, in order: to say of a fault in the text which field it is in. */
export function* placesOf(text: string): Generator<Place> {
  const within: Container[] = [];
  const pointer = (): string =>
    within.map(({ at }) => `/${String(at).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  for (const { 0: token, index: offset } of text.matchAll(tokens)) {
    const container = within.at(-1);
    if (token === '{') {
      within.push({ keys: new Set(), at: '', expectsKey: true });
    } else if (token === '[') {
      within.push({ keys: undefined, at: 0, expectsKey: false });
    } else if (token === '}' || token === ']') {
      within.pop();
    } else if (token === ',') {
      step(container);
    } else if (container?.keys !== undefined && container.expectsKey) {
      const key = JSON.parse(token) as string;
      const isRepeatedKey = container.keys.has(key);
      container.keys.add(key);
      Object.assign(container, { at: key, expectsKey: false });
      yield { pointer: pointer(), offset, isRepeatedKey };
    } else if (token !== ':') {
      yield { pointer: pointer(), offset, isRepeatedKey: false };
    }
  }
}

/** Goes on to the next key or element. */
function step(container: Container | undefined): void {
  if (container !== undefined) {
    container.expectsKey = container.keys !== undefined;
    container.at = typeof container.at === 'number' ? container.at + 1 : container.at;
  }
}
