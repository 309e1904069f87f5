/** A key or a plain value of a JSON text. */
export interface Place {
  /** As it is written. */
  readonly token: string;
  /** How many containers it stands in. */
  readonly depth: number;
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

// @NOTE unrolled: an alternative for each character would fill the stack of the engine on a string of a megabyte.
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/**
 * A JSON pointer (RFC 6901) to the first place in a JSON text that is looked for, of a key to its value: to say of a fault in the text
 * which field it is in. Keys, strings, numbers, literals and the openings of containers are asked about, in order.
 */
export function pointerTo(text: string, isIt: (place: Place) => boolean): string | undefined {
  const within: Container[] = [];
  for (const [token] of text.matchAll(tokens)) {
    const container = within.at(-1);
    const isKey = container?.keys !== undefined && container.expectsKey && token.startsWith('"');
    let isRepeatedKey = false;
    if (isKey) {
      const key = JSON.parse(token) as string;
      isRepeatedKey = container.keys?.has(key) === true;
      container.keys?.add(key);
      Object.assign(container, { at: key, expectsKey: false });
    }
    if (!noPlaces.has(token) && isIt({ token, depth: within.length, isRepeatedKey })) {
      return within.map(({ at }) => `/${escaped(at)}`).join('');
    }
    step(within, token);
  }
  return undefined;
}

const noPlaces: ReadonlySet<string> = new Set([']', '}', ',', ':']);

const escaped = (at: string | number): string => String(at).replaceAll('~', '~0').replaceAll('/', '~1');

/** Goes into a container, out of it, or on to its next key or element. */
function step(within: Container[], token: string): void {
  const container = within.at(-1);
  if (token === '{') {
    within.push({ keys: new Set(), at: '', expectsKey: true });
  } else if (token === '[') {
    within.push({ keys: undefined, at: 0, expectsKey: false });
  } else if (token === '}' || token === ']') {
    within.pop();
  } else if (token === ',' && container !== undefined) {
    container.expectsKey = container.keys !== undefined;
    container.at = typeof container.at === 'number' ? container.at + 1 : container.at;
  }
}
