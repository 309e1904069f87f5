import type { Section, SettingDescription } from './setting.ts';
import { backupSettings } from './settings-backup.ts';
import { databaseSettings } from './settings-database.ts';
import { lifecycleSettings } from './settings-lifecycle.ts';
import { oidcSettings } from './settings-oidc.ts';
import { operationsSettings } from './settings-operations.ts';
import { passwordSettings, tokenSettings } from './settings-security.ts';
import { httpSettings, serviceSettings } from './settings-service.ts';
import { tracingSettings } from './settings-tracing.ts';

/** The table of settings: parsing, types, the effective configuration and docs/configuration.md come from it. */
export const settings = {
  ...serviceSettings,
  ...httpSettings,
  ...databaseSettings,
  ...tokenSettings,
  ...passwordSettings,
  ...oidcSettings,
  ...operationsSettings,
  ...lifecycleSettings,
  ...tracingSettings,
  ...backupSettings,
};

/** Every setting, in the order of the documentation. */
export const allSettings: readonly SettingDescription[] = Object.values(settings);

/** The sections in the order of the documentation, with their headings. */
export const sectionTitles: Readonly<Record<Section, string>> = {
  service: 'Service',
  http: 'HTTP',
  database: 'Database',
  tokens: 'Access tokens',
  passwords: 'Passwords and sign-up',
  oidc: 'Single sign-on',
  operations: 'Operations',
  tracing: 'Traces',
  backup: 'Backups',
};

/** The variable that names the file of a secret. */
export function fileVariable(name: string): string {
  return `${name}_FILE`;
}
