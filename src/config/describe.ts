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
  readonly source: ValueSource;
}

/** Every setting in the order of the documentation; `jwtSecret` is the one in effect, undefined where it is yet to be made. */
export function effectiveSettings(
  readings: Readings,
  jwtSecret: string | undefined,
): readonly EffectiveSetting[] {
  return Object.entries(settings).map(([key, { name, section }]) => {
    if (name === settings.jwtSecret.name && readings.jwtSecret.value === undefined) {
      return jwtSecret === undefined
        ? { name, section, value: 'made at the first start', source: 'default' }
        : { name, section, value: maskedSecret(jwtSecret), source: 'generated' };
    }
    const reading: Reading<unknown> = readings[key as keyof typeof settings];
    return { name, section, value: reading.shown, source: reading.source };
  });
}
