import type { Section, SettingDescription } from './setting.ts';
import { backupSettings } from './settings-backup.ts';
import { databaseSettings } from './settings-database.ts';
import { mailSettings } from './settings-mail.ts';
import { oidcSettings } from './settings-oidc.ts';
import { operationsSettings } from './settings-operations.ts';
import { passkeySettings, passwordSettings, quotaSettings, tokenSettings } from './settings-security.ts';
import { httpSettings, serviceSettings } from './settings-service.ts';
import { tracingSettings } from './settings-tracing.ts';

/** The table of settings: parsing, types, the effective configuration and docs/configuration.md come from it. */
export const settings = {
  ...serviceSettings,
  ...httpSettings,
  ...databaseSettings,
  ...tokenSettings,
  ...passwordSettings,
  ...quotaSettings,
  ...oidcSettings,
  ...passkeySettings,
  ...mailSettings,
  ...operationsSettings,
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
  passkeys: 'Passkeys',
  mail: 'Mail',
  operations: 'Operations',
  tracing: 'Traces',
  backup: 'Backups',
};

/** The variable that names the file of a secret. */
export function fileVariable(name: string): string {
  return `${name}_FILE`;
}

/** A warning for each `METADATA_*` name that is no setting, with the nearest name that is one. */
export function unknownNames(names: readonly string[], known: readonly SettingDescription[]): string[] {
  const candidates = known.flatMap(({ name, secret }) => (secret ? [name, fileVariable(name)] : [name]));
  return names
    .filter((name) => /^METADATA_/i.test(name) && !candidates.includes(name))
    .toSorted()
    .map((name) => {
      const fileOf = known.find((setting) => fileVariable(setting.name) === name.toUpperCase());
      if (fileOf !== undefined && !fileOf.secret) {
        return `${name}: only a secret can come from a file, so this does nothing; set ${fileOf.name}`;
      }
      return `${name}: is not a setting and does nothing; the nearest one is ${nearest(name, candidates)}`;
    });
}

function nearest(name: string, candidates: readonly string[]): string {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distanceBetween(name.toUpperCase(), candidate) }))
    .toSorted((left, right) => left.distance - right.distance);
  return ranked[0]?.candidate ?? '';
}

/** @NOTE a name that lacks its end (`…_POOL_RECYCLE`) is nearer to the whole one than to its neighbours. */
function distanceBetween(name: string, candidate: string): number {
  return candidate.startsWith(`${name}_`) ? 1 : editDistance(name, candidate);
}

/** Levenshtein: how many characters must be inserted, removed or replaced. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
