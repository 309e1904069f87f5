import type { Reading, Readings, ValueSource } from './read-settings.ts';
import { maskedSecret } from './secret-kinds.ts';
import type { Section } from './setting.ts';
import { settings } from './settings.ts';

/** A row of the effective configuration, safe to print. */
export interface EffectiveSetting {
  readonly name: string;
  readonly section: Section;
  /** A secret is masked and followed by the first 8 hex digits of its SHA-256. */
  readonly value: string;
  /** The same for a program: a number, a truth value and a list as such; null where `value` only says what the lack means. */
  readonly json: string | number | boolean | readonly unknown[] | null;
  readonly source: ValueSource;
}

function jsonOf(value: unknown, shown: string, isSecret: boolean): EffectiveSetting['json'] {
  if (value === undefined) {
    return null;
  }
  const isPlain = typeof value === 'number' || typeof value === 'boolean' || Array.isArray(value);
  return isPlain && !isSecret ? value : shown;
}

/** Every setting in the order of the documentation; `jwtSecret` is the one in effect, undefined where it is yet to be made. */
export function effectiveSettings(
  readings: Readings,
  jwtSecret: string | undefined,
): readonly EffectiveSetting[] {
  return Object.entries(settings).map(([key, { name, section, secret }]) => {
    if (name === settings.jwtSecret.name && readings.jwtSecret.value === undefined) {
      if (jwtSecret === undefined) {
        return { name, section, value: 'made at the first start', json: null, source: 'default' };
      }
      const masked = maskedSecret(jwtSecret);
      return { name, section, value: masked, json: masked, source: 'generated' };
    }
    const reading: Reading<unknown> = readings[key as keyof typeof settings];
    const { value, shown, source } = reading;
    return { name, section, value: shown, json: jsonOf(value, shown, secret), source };
  });
}
