import {
  migrationFault,
  migrationLabel,
  migrationStatus,
  readMigrations,
} from '../../../platform/migrations/index.ts';
import { type Check, critical, ok } from '../check.ts';

export const schemaMigrations: Check = {
  id: 'schema.migrations',
  runbook: 'docs/deployment.md',
  async look(context) {
    const migrations = await readMigrations(context.migrationsDirectory);
    const status = await migrationStatus((await context.service()).sender, migrations);
    const fault = migrationFault(status);
    if (fault === null) {
      const ahead = status.ahead.map((each) => `${migrationLabel(each)} is of a newer version`);
      return ok(`All ${migrations.length} migrations are applied`, ahead);
    }
    return critical({
      finding: `The schema is not that of this version: ${fault}`,
      evidence: [
        ...status.pending.map((each) => `pending: ${migrationLabel(each)}`),
        ...status.changed.map(({ migration }) => `changed after it was applied: ${migration.file}`),
      ],
      remedy:
        status.changed.length > 0
          ? 'brownie migrate --status'
          : 'brownie migrate --dry-run && brownie migrate',
    });
  },
};
