import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError } from '../errors/api-error.ts';
import { programRoot } from '../system/package-root.ts';

export interface PasswordPolicyOptions {
  /** Characters (Unicode code points), at least. */
  readonly minLength: number;
  /** Whether known, repetitive and personal passwords are refused. */
  readonly blocklist: boolean;
}

const bytesMax = 1_024;
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1234567890-=',
];

/**
 * What a new password must be (NIST SP 800-63B-4, 3.1.1.2): long enough, at most 1,024 bytes, and as a whole neither
 * widely known nor easy to derive from its owner. No rules of composition, no expiry. Checked when a password is
 * set, never at login.
 */
export class PasswordPolicy {
  readonly #minLength: number;
  readonly #hasBlocklist: boolean;
  /** A part shorter than a password may be, several times over, and a short rest. */
  readonly #repetition: RegExp;

  constructor({ minLength, blocklist }: PasswordPolicyOptions) {
    this.#minLength = minLength;
    this.#repetition = new RegExp(`^(.{1,${minLength - 1}}?)\\1+.{0,5}$`, 'su');
    this.#hasBlocklist = blocklist;
  }

  /** Throws 422 with the reason. `personal`: the owner's e-mail, username, organization. */
  check(password: string, personal: readonly string[], pointer = '/password'): void {
    const reason = this.#faultOf(password.normalize('NFC'), personal);
    if (reason !== undefined) {
      throw new ApiError('request.invalid', {
        detail: `The password ${reason}`,
        faults: [{ pointer, message: reason }],
      });
    }
  }

  #faultOf(password: string, personal: readonly string[]): string | undefined {
    if ([...password].length < this.#minLength) {
      return `must have at least ${this.#minLength} characters; a few words in a row make a good one`;
    }
    if (Buffer.byteLength(password) > bytesMax) {
      return `must have at most ${bytesMax} bytes`;
    }
    if (!this.#hasBlocklist) {
      return undefined;
    }
    const plain = password.toLowerCase();
    if (isKnown(plain) || isKnown(withoutEnds(plain))) {
      return 'is one of the most used passwords; choose another';
    }
    if (this.#repetition.test(plain) || isWalk(plain)) {
      return 'is a repetition or a row of keys; choose another';
    }
    if (isMadeOf(plain, ['brownie', ...personal])) {
      return 'is made of your name, address or organization; choose another';
    }
    return undefined;
  }
}

/** The widely known passwords of at least a length of 8, read when the first is asked for: made by scripts/generate-known-passwords.ts. */
let known: ReadonlySet<string> | undefined;

function isKnown(password: string): boolean {
  known ??= new Set(readFileSync(join(programRoot, 'platform/auth/known-passwords.txt'), 'utf8').split('\n'));
  return password !== '' && known.has(password);
}

/** Without the digits and signs before and after it: `password1234567` is `password`. */
const withoutEnds = (text: string): string => text.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]{1,32}$/u, '');

/** True where every two neighbours are neighbours in the alphabet or on a row of the keyboard. */
function isWalk(text: string): boolean {
  const steps = [...text].map((letter, index) => `${letter}${text[index + 1] ?? ''}`).slice(0, -1);
  const isStep = (step: string): boolean =>
    rows.some((row) => row.includes(step) || row.includes(reversed(step)));
  return steps.filter(isStep).length >= steps.length * 0.8;
}

const reversed = (text: string): string => [...text].reverse().join('');

/** True where the letters of `text` are these texts and the words in them over again, and nothing else. */
function isMadeOf(text: string, texts: readonly string[]): boolean {
  const words = texts
    .flatMap((each) => [each, ...each.split(notLetters)].map(lettersOf))
    .filter((word) => word.length >= 3)
    .sort((a, b) => b.length - a.length);
  const letters = lettersOf(text);
  return letters !== '' && words.reduce((rest, word) => rest.replaceAll(word, ''), letters) === '';
}

const notLetters = /[^\p{L}\p{M}]+/gu;
const lettersOf = (text: string): string => text.normalize('NFC').toLowerCase().replace(notLetters, '');
