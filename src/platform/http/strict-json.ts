import { ApiError, type Fault, invalid } from '../errors/api-error.ts';
import { placesOf } from './json-places.ts';

const depthMax = 32;
const keysMax = 1_000;
const nodesMax = 20_000;
const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses a request body as JSON (RFC 8259) and refuses what would not come back as it was sent: bytes that are not
 * UTF-8, two keys of one name, numbers that a double cannot hold, U+0000 and lone surrogates, nesting beyond 32,
 * more than 1,000 keys in all. Throws 422 `request.invalid`. @NOTE any other key is data, `__proto__` as well: JSON.parse
 * makes it a property like all others, and so does whatever copies it here (spread, Object.entries and Object.fromEntries).
 */
export function parseStrictJson(bytes: Buffer): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new ApiError('request.invalid', { detail: 'The body is not valid UTF-8', cause: error });
  }
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ApiError('request.invalid', { detail: 'The body is not valid JSON', cause: error });
  }
  const keys = checkValue(value, '');
  checkText(text, keys);
  return value;
}

/** Walks a parsed value without recursion; returns the number of keys in it. */
function checkValue(root: unknown, at: string): number {
  let keys = 0;
  let nodes = 0;
  const todo: { value: unknown; pointer: string; depth: number }[] = [{ value: root, pointer: at, depth: 0 }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { value, pointer, depth } = next;
    nodes += 1;
    if (typeof value === 'string') {
      checkString(value, pointer);
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= depthMax) {
        throw invalid(pointer.split('/', 3).join('/'), `is nested deeper than ${depthMax} levels`);
      }
      for (const [key, child] of Object.entries(value)) {
        const childPointer = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        if (!Array.isArray(value)) {
          keys += 1;
          checkString(key, childPointer);
        }
        todo.push({ value: child, pointer: childPointer, depth: depth + 1 });
      }
      if (keys > keysMax || nodes + todo.length > nodesMax) {
        throw new ApiError('request.invalid', {
          detail: `The body has more than ${keysMax} keys or ${nodesMax} values`,
        });
      }
    }
  }
  return keys;
}

/** Refuses strings that PostgreSQL cannot store: U+0000 and lone surrogates. */
export function checkString(value: string, pointer: string): void {
  const fault: Fault | undefined = value.includes('\0')
    ? { pointer, message: 'contains the character U+0000' }
    : value.isWellFormed()
      ? undefined
      : { pointer, message: 'contains half of a surrogate pair' };
  if (fault !== undefined) {
    throw new ApiError('request.invalid', {
      detail: `${fault.pointer.toWellFormed().replaceAll('\0', '\\0')} ${fault.message}`,
      faults: [{ ...fault, pointer: fault.pointer.toWellFormed().replaceAll('\0', '\\0') }],
    });
  }
}

/** Finds, in the text, what parsing hid: keys given twice and numbers that changed. */
function checkText(text: string, keysParsed: number): void {
  let keys = 0;
  for (const { 0: token, 1: colon, index } of text.matchAll(tokens)) {
    if (token.startsWith('"')) {
      keys += colon === undefined ? 0 : 1;
    } else if (!keepsItsValue(token)) {
      const place = placesOf(text).find(({ offset }) => offset === index);
      const number = token.slice(0, 40);
      throw invalid(
        place?.pointer ?? '',
        `is ${number}, which cannot be kept exactly; send it as a string or with fewer digits`,
      );
    }
  }
  if (keys !== keysParsed) {
    const place = placesOf(text).find(({ isRepeatedKey }) => isRepeatedKey);
    throw invalid(place?.pointer ?? '', 'is given twice');
  }
}

/** Whether a number can be kept: a whole one with every digit, a fraction with the 17 that a double has. */
function keepsItsValue(token: string): boolean {
  const value = Number(token);
  if (!Number.isFinite(value)) {
    return false;
  }
  const sent = decimalOf(token);
  if (value === 0 || sent.exponent < 0) {
    return value !== 0 || sent.digits === '';
  }
  const kept = decimalOf(value.toPrecision(Math.min(sent.digits.length, 100)));
  return kept.digits === sent.digits && kept.exponent === sent.exponent;
}

/** The digits of a number without zeros around them, and the power of ten they are times of: `1.50e3` is 15e2. */
function decimalOf(token: string): { digits: string; exponent: number } {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  // @NOTE a loop, because /0+$/ takes quadratic time on zeros that do not stand at the end.
  let end = digits.length;
  while (digits[end - 1] === '0') {
    end -= 1;
  }
  return { digits: digits.slice(0, end), exponent: Number(exponent) - fraction.length + digits.length - end };
}
