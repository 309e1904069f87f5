export { type Config, type ResolvedConfig, resolveConfig } from './config.ts';
export { ConfigurationError } from './configuration-error.ts';
export { processSource } from './env.ts';
