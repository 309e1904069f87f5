import { type Config, processSource, resolveConfig } from '../config/index.ts';

/** The configuration of this process; what is questionable about it goes to stderr. Throws ConfigurationError. */
export function commandConfig(): Config {
  const { config, warnings } = resolveConfig(processSource());
  for (const warning of warnings) {
    process.stderr.write(`warning: ${warning}\n`);
  }
  return config;
}
