import { type Check, critical, ok, unknown, warning } from '../check.ts';

export const databaseConnection: Check = {
  id: 'database.connection',
  runbook: 'docs/runbooks/DatabaseDown.md',
  async look(context) {
    const fault = await context.databaseFault();
    if (fault === undefined) {
      const { place } = await context.service();
      return ok(`The service's login gets in at ${place}`);
    }
    // @NOTE the check of certificates says more of it.
    return fault.kind === 'certificates' ? unknown(fault.finding, fault.remedy) : critical(fault);
  },
};

export const ownerConnection: Check = {
  id: 'database.owner-connection',
  runbook: 'docs/deployment.md',
  async look(context) {
    const [own, services] = await Promise.all([context.ownerFault(), context.databaseFault()]);
    if (own === undefined) {
      return ok('The login of METADATA_POSTGRES_MIGRATION_DSN gets in');
    }
    return services !== undefined
      ? unknown('the database cannot be reached')
      : warning({
          ...own,
          finding: `Migrations and backups cannot log in (METADATA_POSTGRES_MIGRATION_DSN): ${own.finding}`,
          remedy: own.remedy.replaceAll('METADATA_POSTGRES_DSN', 'METADATA_POSTGRES_MIGRATION_DSN'),
        });
  },
};

export const databaseWritable: Check = {
  id: 'database.writable',
  runbook: 'docs/runbooks/DatabaseDown.md',
  async look(context) {
    const session = await context.service();
    const { isStandby } = await session.row<{ isStandby: boolean }>(
      'select pg_is_in_recovery() as "isStandby"',
    );
    if (isStandby) {
      return critical({
        finding: `${session.place} is a standby: it takes no write`,
        remedy: 'point METADATA_POSTGRES_DSN to the primary, or promote this one: select pg_promote()',
      });
    }
    return session.isReadOnly
      ? critical({
          finding: `${session.place} is set to read only (default_transaction_read_only): no write succeeds`,
          remedy:
            'find out why (a full disk? a failover?); then, as a superuser: alter database … reset default_transaction_read_only',
        })
      : ok(`${session.place} takes writes`);
  },
};
