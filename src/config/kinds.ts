/** What became of the text of a setting: its value, or the rest of a sentence that begins with the name. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: string };

/** A kind of value: how its text is read, and how the value is shown again. */
export interface Kind<T> {
  /** What may be written, for the documentation. */
  readonly expects: string;
  /** Whether `format` masks and no fault may quote the text. */
  readonly secret: boolean;
  readonly parse: (text: string) => Parsed<T>;
  readonly format: (value: T) => string;
}

const quoteLengthMax = 60;

/** The text in quotes, control characters escaped, cut to a length that fits a log line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > quoteLengthMax ? `${text.slice(0, quoteLengthMax)}…` : text);
}

export function good<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function bad<T>(fault: string): Parsed<T> {
  return { ok: false, fault };
}

/** Any text that is not blank. */
export function text(expects: string): Kind<string> {
  return {
    expects,
    secret: false,
    parse: (raw) => (raw.trim() === '' ? bad('is blank; give a value or unset it') : good(raw.trim())),
    format: (value) => value,
  };
}

/** A telephone with its country: `+49 30 901820`. */
export function telephone(): Kind<string> {
  return {
    expects: 'telephone with its country',
    secret: false,
    parse: (raw) =>
      /^\+\d{7,15}$/.test(raw.replace(/[\s()/.-]/g, ''))
        ? good(raw.trim())
        : bad(`${quote(raw)} is no telephone with its country; give one such as +49 30 901820`),
    format: (value) => value,
  };
}

/** A whole number in decimal digits, both bounds included. `8e3`, `0x10` and `1_000` are refused. */
export function wholeNumber(bounds: { readonly min: number; readonly max: number }): Kind<number> {
  const range = `from ${bounds.min} to ${bounds.max}`;
  return {
    expects: `whole number ${range}`,
    secret: false,
    parse: (raw) => {
      const trimmed = raw.trim();
      if (!/^-?\d+$/.test(trimmed)) {
        return bad(`${quote(raw)} is not a whole number; give one ${range}`);
      }
      const value = Number(trimmed);
      if (value < bounds.min) {
        return bad(`${quote(raw)} is too small; give a whole number ${range}`);
      }
      if (value > bounds.max) {
        return bad(`${quote(raw)} is too large; give a whole number ${range}`);
      }
      return good(value);
    },
    format: String,
  };
}

const switchWords: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

/** `true` or `false`, also `1/0`, `yes/no` and `on/off`, in any case. */
export function flag(): Kind<boolean> {
  return {
    expects: '`true` or `false`',
    secret: false,
    parse: (raw) => {
      const value = switchWords.get(raw.trim().toLowerCase());
      return value === undefined
        ? bad(`${quote(raw)} is neither true nor false; give one of the two`)
        : good(value);
    },
    format: String,
  };
}

/** One of a few words, in any case; the value has the spelling of the list. */
export function oneOf<const Word extends string>(words: readonly Word[]): Kind<Word> {
  const list = words.join(', ');
  return {
    expects: words.map((word) => `\`${word}\``).join(', '),
    secret: false,
    parse: (raw) => {
      const value = words.find((word) => word.toLowerCase() === raw.trim().toLowerCase());
      if (value !== undefined) {
        return good(value);
      }
      return bad(
        words.length === 1
          ? `${quote(raw)} is not known; give ${list} or unset it`
          : `${quote(raw)} is not one of ${list}; give one of them`,
      );
    },
    format: (value) => value,
  };
}

/**
 * A JSON list of strings, each of which `check` accepts (`undefined`) or refuses with the rest of a sentence
 * that begins with the item. Every refused item is named.
 */
export function jsonList(options: {
  readonly expects: string;
  readonly example: string;
  readonly check: (item: string) => string | undefined;
}): Kind<readonly string[]> {
  return {
    expects: options.expects,
    secret: false,
    parse: (raw) => {
      const items = parseJson(raw);
      if (!Array.isArray(items) || !items.every((item) => typeof item === 'string')) {
        return bad(`${quote(raw)} is not a JSON list of strings; write it like ${options.example}`);
      }
      const faults = items.flatMap((item) => {
        const fault = options.check(item);
        return fault === undefined ? [] : [`${quote(item)} ${fault}`];
      });
      return faults.length > 0 ? bad(faults.join('. ')) : good(items);
    },
    format: (value) => JSON.stringify(value),
  };
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
