/** How deep a text may be nested. */
export const depthMax = 32;

/** How much a text may hold in all. */
export interface JsonCounts {
  readonly keysMax: number;
  readonly valuesMax: number;
}
export const usualCounts: JsonCounts = { keysMax: 1_000, valuesMax: 20_000 };

/** A number as long as this or shorter, without an exponent, is kept by a double whatever its digits are. */
const safeNumberLength = 15;

/** What a JSON text holds, as far as its bytes tell. */
export interface JsonSurvey {
  readonly keys: number;
  /** Whether a character is written as `\uXXXX`: the only way to write U+0000 and half of a surrogate pair. */
  readonly hasUnicodeEscapes: boolean;
  /** The numbers that a double may not keep, as they are written. */
  readonly doubtfulNumbers: readonly string[];
  /** Where it is more than is taken, and was not looked at any further. */
  readonly excess: 'depth' | 'size' | undefined;
}

/** The words for a body that has too much in it. */
export const excessRule = ({ keysMax, valuesMax }: JsonCounts): string =>
  `The body has more than ${keysMax} keys or ${valuesMax} values`;

const [space, quote, comma, minus, colon, backslash] = [0x20, 0x22, 0x2c, 0x2d, 0x3a, 0x5c];
const [u, e, capitalE] = [0x75, 0x65, 0x45];
/** `{` and `}`; `[` and `]` are the same without this bit. */
const brace = 0x20;
const [opening, closing] = [0x5b, 0x5d];

/** What numbers and literals are written with. */
const wordBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\w.+-]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/**
 * Looks through the bytes of a JSON text once, before anything is made of them, and stops at the byte that is too much: nesting
 * beyond 32, more keys or values in all than are taken. What is no JSON is left to the parser, for which these bounds hold, too.
 */
export function surveyJson(bytes: Buffer, { keysMax, valuesMax }: JsonCounts = usualCounts): JsonSurvey {
  let [keys, values, depth, at] = [0, 0, 0, 0];
  let hasUnicodeEscapes = false;
  const doubtfulNumbers: string[] = [];
  let excess: JsonSurvey['excess'];
  for (const { length } = bytes; at < length && excess === undefined; ) {
    const byte = bytes[at] ?? 0;
    const start = at;
    at += 1;
    if (byte <= space || byte === comma) {
      continue;
    }
    if (byte === quote) {
      for (; at < length && bytes[at] !== quote; at += 1) {
        if (bytes[at] === backslash) {
          at += 1;
          hasUnicodeEscapes ||= bytes[at] === u;
        }
      }
      at += 1;
      values += 1;
    } else if (byte === colon) {
      // @NOTE what stands before it is a key, and no value.
      keys += 1;
      values -= 1;
    } else if ((byte & ~brace) === opening) {
      values += 1;
      depth += 1;
    } else if ((byte & ~brace) === closing) {
      depth -= 1;
    } else if (wordBytes[byte] === 1) {
      let hasExponent = false;
      for (let next = bytes[at]; wordBytes[next ?? 0] === 1; next = bytes[at]) {
        hasExponent ||= next === e || next === capitalE;
        at += 1;
      }
      values += 1;
      if ((hasExponent || at - start > safeNumberLength) && (byte === minus || isDigit(byte))) {
        doubtfulNumbers.push(bytes.toString('latin1', start, at));
      }
    }
    excess = depth > depthMax ? 'depth' : keys > keysMax || values > valuesMax ? 'size' : undefined;
  }
  return { keys, hasUnicodeEscapes, doubtfulNumbers, excess };
}
