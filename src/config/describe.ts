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

/** Every setting in the order of the documentation; `generated` is the JWT secret where none was given. */
export function effectiveSettings(
  readings: Readings,
  generated: string | undefined,
): readonly EffectiveSetting[] {
  return Object.entries(settings).map(([key, { name, section }]) => {
    if (name === settings.jwtSecret.name && generated !== undefined) {
      return { name, section, value: maskedSecret(generated), source: 'generated' };
    }
    const reading: Reading<unknown> = readings[key as keyof typeof settings];
    return { name, section, value: reading.shown, source: reading.source };
  });
}
