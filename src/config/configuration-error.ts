/**
 * Everything that is wrong with a configuration. Each fault is a sentence that begins with the name of a
 * variable and says what to do; none holds the value of a secret.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly faults: readonly string[];
  /** What is not wrong but looks like a mistake, such as an unknown variable. */
  readonly warnings: readonly string[];

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
}
