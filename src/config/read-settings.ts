import type { Environment, Origin } from './env.ts';
import { maskedSecret } from './secret-kinds.ts';
import type { Condition, Conditions, Section, Setting } from './setting.ts';
import { settings } from './settings.ts';

/** Where the effective value of a setting came from. */
export type ValueSource = Origin | 'default' | 'generated' | 'profile v1';

/** A setting, read. While there are faults `value` may be a stand-in, which nobody gets to see. */
export interface Reading<T> {
  readonly value: T;
  /** Whether something was given, even if it is at fault. */
  readonly given: boolean;
  readonly faulty: boolean;
  readonly source: ValueSource;
  /** The value as people may see it. */
  readonly shown: string;
}

type Settings = typeof settings;
type ValueOf<S> = S extends Setting<infer Value> ? Value : never;

/** Every setting of the table, by its key there. */
export type Readings = { readonly [Key in keyof Settings]: Reading<ValueOf<Settings[Key]>> };

/** Reads every setting. Faults name the setting and, unless it is the process environment, where its value stood. */
export function readSettings(environment: Pick<Environment, 'lookUp'>): {
  readonly readings: Readings;
  readonly faults: readonly string[];
} {
  const usual = readUnder(environment, new Set()).readings;
  const conditions = new Set<Condition>();
  if (isNodeProduction(usual)) {
    conditions.add('node-production');
  }
  if (usual.debug.value) {
    conditions.add('debug');
  }
  if (usual.compatibility.value === 'v1') {
    conditions.add('v1');
  }
  if (!isProduction(usual) && !usual.dsn.given) {
    conditions.add('embedded');
  }
  return readUnder(environment, conditions);
}

/** Whether NODE_ENV says production. */
export function isNodeProduction({ nodeEnv }: Pick<Readings, 'nodeEnv'>): boolean {
  return nodeEnv.value?.toLowerCase() === 'production';
}

/** Whether the rules of production hold: either variable is enough. */
export function isProduction(readings: Pick<Readings, 'nodeEnv' | 'environment'>): boolean {
  return isNodeProduction(readings) || readings.environment.value === 'production';
}

function readUnder(environment: Pick<Environment, 'lookUp'>, conditions: Conditions) {
  const faults: string[] = [];
  const readOne = <T>(setting: Setting<T>): Reading<T> => {
    const raw = environment.lookUp(setting);
    const text = raw.state === 'given' ? raw.text : undefined;
    const { value, shown, fault, condition } = setting.read(text, conditions);
    const origin = raw.state === 'given' ? raw.origin : condition === 'v1' ? 'profile v1' : 'default';
    if (fault !== undefined) {
      faults.push(`${setting.name}: ${fault}${origin === 'environment' ? '' : ` (it comes from ${origin})`}`);
    }
    return {
      value,
      shown,
      given: raw.state !== 'unset',
      faulty: raw.state === 'faulty' || fault !== undefined,
      source: origin,
    };
  };
  const entries = Object.entries(settings).map(([key, setting]) => [key, readOne<unknown>(setting)]);
  // @NOTE Object.fromEntries forgets which key has which type; `readOne` keeps them
  return { readings: Object.fromEntries(entries) as Readings, faults };
}

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
