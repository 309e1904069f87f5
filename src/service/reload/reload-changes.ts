/** What is in effect, by its name: the value of a setting, or fingerprints. Safe to log. */
export type InEffect = ReadonlyMap<string, string>;

export interface Change {
  readonly name: string;
  /** As `brownie config` shows it, a secret by its fingerprint alone; `none` where it was not there. */
  readonly from: string;
  readonly to: string;
}

/** What differs, in the order of what is in effect now; what is there no longer comes last. */
export function changesBetween(before: InEffect, now: InEffect): readonly Change[] {
  return [...new Set([...now.keys(), ...before.keys()])].flatMap((name) => {
    const [from, to] = [before.get(name) ?? 'none', now.get(name) ?? 'none'];
    return from === to ? [] : [{ name, from: withoutMask(from), to: withoutMask(to) }];
  });
}

/** `METADATA_LOG_LEVEL: INFO → DEBUG, client certificate: 1a2b3c4d → 5e6f7a8b` */
export const changesText = (changes: readonly Change[]): string =>
  changes.map(({ name, from, to }) => `${name}: ${from} → ${to}`).join(', ');

/** @NOTE a fingerprint tells two secrets apart; the asterisks before it tell nothing. */
const withoutMask = (shown: string): string => shown.replace(/^\*+ \((sha256 [\da-f]+)\)$/, '$1');
