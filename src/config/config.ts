import { assembleConfig } from './assemble-config.ts';
import type { Config } from './config-type.ts';
import { type ConfigSource, type Environment, openEnvironment } from './env.ts';
import { errorCode } from './files.ts';
import { DamagedSecretError } from './jwt-secret.ts';
import { type EffectiveSetting, effectiveSettings, readSettings } from './read-settings.ts';
import { checkRules } from './rules.ts';
import { allSettings, unknownNames } from './settings.ts';

export type * from './config-type.ts';

/** The configuration, and what a person should know about it. */
export interface ResolvedConfig<Secret extends string | undefined = string | undefined> {
  readonly config: Config<Secret>;
  /** To be logged at the start: unknown variables, weak choices. None holds a secret. */
  readonly warnings: readonly string[];
  /** Every setting with its effective value, secrets masked, and where it came from. */
  readonly settings: readonly EffectiveSetting[];
}

/**
 * The checked, frozen configuration of a source: `loadConfig(serviceSource())` in the service, a plain record
 * in a test (`loadConfig({ env: { METADATA_POSTGRES_DSN: dsn } })`), which touches neither process nor disk.
 *
 * Throws `ConfigurationError` with every fault at once.
 */
export function loadConfig<Secret extends string | undefined = string>(
  source: ConfigSource<Secret>,
): Config<Secret | string> {
  return resolveConfig(source).config;
}

/** As `loadConfig`, with the warnings and the effective settings. */
export function resolveConfig<Secret extends string | undefined = string>(
  source: ConfigSource<Secret>,
): ResolvedConfig<Secret | string> {
  const environment = openEnvironment(source);
  const { readings, faults } = readSettings(environment);
  const rules = checkRules(readings);
  const warnings = [...unknownNames(environment.names, allSettings), ...rules.warnings];
  const allFaults = [...environment.faults, ...faults, ...rules.faults];
  if (allFaults.length > 0) {
    throw new ConfigurationError(allFaults, warnings);
  }

  const secret = readings.jwtSecret.value ?? keptSecret(environment, readings.dataDir.value, warnings);
  return deepFreeze({
    config: assembleConfig(readings, secret),
    warnings,
    settings: effectiveSettings(readings, secret),
  });
}

/** @NOTE only after everything else is in order: a faulty configuration must not write to the disk. */
function keptSecret<Secret extends string | undefined>(
  environment: Environment<Secret>,
  folder: string,
  warnings: readonly string[],
): Secret | string {
  try {
    return environment.jwtSecretIn(folder);
  } catch (error) {
    const fault =
      error instanceof DamagedSecretError
        ? 'METADATA_JWT_SECRET: the file jwt-secret in METADATA_DATA_DIR is damaged; delete it to have a new one made'
        : `METADATA_DATA_DIR: "${folder}" is no folder that this user can use (${errorCode(error)}); ` +
          'make it readable and writable for this user, or choose another';
    throw new ConfigurationError([fault], warnings);
  }
}

/**
 * Everything that is wrong with a configuration. Each fault is a sentence that begins with the name of a
 * variable and says what to do; none holds the value of a secret.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly faults: readonly string[];
  /** What is not wrong but looks like a mistake, such as an unknown variable. */
  readonly warnings: readonly string[];
  /** How a command ends with it. */
  readonly exitCode = 1;

  constructor(faults: readonly string[], warnings: readonly string[]) {
    super(
      [
        `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:`,
        ...faults.map((fault) => `  - ${fault}`),
        ...warnings.map((warning) => `  - warning: ${warning}`),
        'Every setting is described in docs/configuration.md.',
      ].join('\n'),
    );
    this.faults = faults;
    this.warnings = warnings;
  }

  /** For standard error. */
  get lines(): readonly string[] {
    return [...this.faults, ...this.warnings.map((warning) => `warning: ${warning}`)];
  }
}

/** Freezes a tree of plain objects and lists, root included, and returns it. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) {
      deepFreeze(child);
    }
  }
  return value;
}
