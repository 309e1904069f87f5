import { isUtf8 } from 'node:buffer';
import { ApiError, invalid } from '../errors/api-error.ts';
import { type Place, pointerTo } from './json-places.ts';
import { depthMax, excessRule, type JsonCounts, surveyJson, usualCounts } from './json-survey.ts';

/** Numbers written with more digits than they need are compared digit by digit, which takes time: so many of them are. */
const comparedNumbersMax = 2_000;

/**
 * Parses a request body as JSON (RFC 8259) and refuses what would not come back as it was sent: bytes that are not
 * UTF-8, two keys of one name, numbers that a double cannot hold, U+0000 and lone surrogates, nesting beyond 32,
 * more than 1,000 keys or 20,000 values in all, where it is not said otherwise. Throws 422 `request.invalid`. @NOTE any other key is data, `__proto__` as well:
 * JSON.parse makes it a property like all others, and so does whatever copies it here (spread, Object.entries and Object.fromEntries).
 *
 * What is too much is refused before anything is made of the text; a fault is looked for a second time, to name its field, only where there is one.
 */
export function parseStrictJson(bytes: Buffer, counts: JsonCounts = usualCounts): unknown {
  const survey = surveyJson(bytes, counts);
  if (survey.excess === 'size') {
    throw new ApiError('request.invalid', { detail: excessRule(counts) });
  }
  if (!isUtf8(bytes)) {
    throw new ApiError('request.invalid', { detail: 'The body is not valid UTF-8' });
  }
  const text = bytes.toString();
  if (survey.excess === 'depth') {
    const pointer = pointerTo(text, ({ depth }) => depth > depthMax) ?? '';
    throw invalid(pointer.split('/', 3).join('/'), `is nested deeper than ${depthMax} levels`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ApiError('request.invalid', { detail: 'The body is not valid JSON', cause: error });
  }
  const refuse = (message: string, isIt: (place: Place) => boolean): never => {
    throw invalid(pointerTo(text, isIt) ?? '', message);
  };
  const changed = changedNumber(survey.doubtfulNumbers);
  if (changed !== undefined) {
    const why = 'which cannot be kept exactly; send it as a string or with fewer digits';
    refuse(`is ${changed.slice(0, 40)}, ${why}`, ({ token }) => token === changed);
  }
  if (survey.hasUnicodeEscapes) {
    checkStrings(text);
  }
  // @NOTE of a string, the characters would be counted; it has no keys.
  if (typeof value === 'object' && keysOf(value) !== survey.keys) {
    refuse('is given twice', ({ isRepeatedKey }) => isRepeatedKey);
  }
  return value;
}

/** Refuses strings and keys that PostgreSQL cannot store. */
function checkStrings(text: string): void {
  let fault: string | undefined;
  const pointer = pointerTo(text, ({ token }) => {
    fault = token.includes('\\u') ? faultOf(JSON.parse(token) as string) : undefined;
    return fault !== undefined;
  });
  if (pointer !== undefined) {
    throw invalid(pointer.toWellFormed().replaceAll('\0', '\\0'), fault ?? '');
  }
}

const faultOf = (value: string): string | undefined =>
  value.includes('\0')
    ? 'contains the character U+0000'
    : value.isWellFormed()
      ? undefined
      : 'contains half of a surrogate pair';

/** The number of keys in a value: less than its text has where one of them is given twice. */
function keysOf(root: unknown): number {
  let keys = 0;
  const todo: unknown[] = [root];
  while (todo.length > 0) {
    const value = todo.pop();
    const isList = Array.isArray(value);
    for (const inner of isList ? value : Object.values(value ?? {})) {
      keys += isList ? 0 : 1;
      if (typeof inner === 'object' && inner !== null) {
        todo.push(inner);
      }
    }
  }
  return keys;
}

/** The first number that would not be kept; throws where there are too many to be sure. */
function changedNumber(tokens: readonly string[]): string | undefined {
  const unusual = tokens.filter((token) => String(Number(token)) !== token && !isShortPower(token));
  if (unusual.length > comparedNumbersMax) {
    throw new ApiError('request.invalid', {
      detail: `The body has more than ${comparedNumbersMax} numbers with more digits than they need`,
    });
  }
  return unusual.find((token) => !keepsItsValue(token));
}

/** Few digits times a power of ten that is far from where doubles end: `1.5e-05`. */
function isShortPower(token: string): boolean {
  const size = Math.abs(Number(token));
  const digits = token.search(/e/i);
  return digits >= 0 && digits <= 15 && size > 1e-290 && size < 1e290;
}

/** Whether a number can be kept: with every digit that was sent. @NOTE a double has 17 at most that anybody prints. */
function keepsItsValue(token: string): boolean {
  const value = Number(token);
  if (!Number.isFinite(value)) {
    return false;
  }
  const sent = decimalOf(token);
  if (value === 0) {
    return sent.digits === '';
  }
  // @NOTE two spellings of one double: where it lies half-way between two decimals, the shortest may be the lower one, and rounding gives the upper.
  return [String(value), value.toPrecision(Math.min(sent.digits.length, 100))].some((spelling) => {
    const kept = decimalOf(spelling);
    return kept.digits === sent.digits && kept.exponent === sent.exponent;
  });
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
