export { type Config, type ResolvedConfig, resolveConfig, type ServiceConfig } from './config.ts';
export { ConfigurationError } from './configuration-error.ts';
export { processSource, serviceSource } from './env.ts';
