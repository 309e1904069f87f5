import { RE2JS } from 're2js';
import { ApiError } from '../../platform/errors/api-error.ts';

/** Instructions that a pattern may come to: `(.{100}){9}` comes to 920. */
const instructionsMax = 500;
/** Patterns that are kept compiled. */
const keptMax = 5_000;

const syntax =
  'Patterns are those of RE2 (Go, Prometheus), and match the whole text. Unlike in JavaScript there is no look-around ((?=x), (?!x), (?<=x), (?<!x)), no ' +
  'back-reference (\\1), no repetition above 1,000 in all, and flags stand in the pattern: (?i)disk.*';

/** Throws 422 `config.pattern_invalid`, which says what is wrong and which syntax holds. */
export function requirePattern(pattern: string, pointer: string): void {
  const fault = faultOf(pattern);
  if (fault !== undefined) {
    throw new ApiError('config.pattern_invalid', {
      detail: `${pointer} ${fault}. ${syntax}`,
      faults: [{ pointer, message: `${fault}. ${syntax}` }],
    });
  }
}

function faultOf(pattern: string): string | undefined {
  if (wordsOf(pattern) !== undefined) {
    return undefined;
  }
  try {
    const size = RE2JS.compile(pattern).programSize();
    return size > instructionsMax ? `comes to ${size} steps, of ${instructionsMax} at most` : undefined;
  } catch (error) {
    return `is no pattern: ${(error as Error).message.replace('error parsing regexp: ', '')}`;
  }
}

/** The instructions of a machine that matches it, which a text takes one by one: 0 where words need none. */
export const stepsOf = (pattern: string): number =>
  wordsOf(pattern) === undefined ? RE2JS.compile(pattern).programSize() : 0;

/** The words of a pattern that is words alone (`critical|high`): those need no machine. */
function wordsOf(pattern: string): ReadonlySet<string> | undefined {
  return /[\\.+*?()[\]{}^$]/.test(pattern) ? undefined : new Set(pattern.split('|'));
}

/** Tells what patterns match, in time that grows with the text alone; keeps those compiled that were used last. */
export class Patterns {
  readonly #tests = new Map<string, (text: string) => boolean>();

  /** Whether a pattern matches all of a text. */
  matches(pattern: string, text: string): boolean {
    const test = this.#tests.get(pattern) ?? compiled(pattern);
    // @NOTE taken out and put back, the one that was used last stands last.
    this.#tests.delete(pattern);
    this.#tests.set(pattern, test);
    const [oldest] = this.#tests.keys();
    if (this.#tests.size > keptMax && oldest !== undefined) {
      this.#tests.delete(oldest);
    }
    return test(text);
  }
}

function compiled(pattern: string): (text: string) => boolean {
  const words = wordsOf(pattern);
  if (words !== undefined) {
    return (text) => words.has(text);
  }
  const machine = RE2JS.compile(pattern);
  return (text) => machine.testExact(text);
}
