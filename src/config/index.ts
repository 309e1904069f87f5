export {
  type Config,
  ConfigurationError,
  type JwtConfig,
  type ResolvedConfig,
  resolveConfig,
  type ServiceConfig,
} from './config.ts';
export { openEnvironment, processSource, serviceSource } from './env.ts';
export type { OidcProviderConfig } from './oidc-kinds.ts';
export { secretTexts } from './secret-texts.ts';
export { telephoneNames } from './settings-operations.ts';
