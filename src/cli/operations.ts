import { Argument, type Command } from 'commander';
import { drills } from '../drills/catalogue.ts';
import { addApiKeys } from './api-keys.ts';
import { addAudit } from './audit.ts';
import { addBackup } from './backup.ts';
import { addCerts } from './certs.ts';
import { addDoctor } from './doctor.ts';
import { addIncident } from './incident.ts';
import { addJwt } from './jwt.ts';
import { addMaintenance } from './maintenance.ts';
import { addSupport } from './support.ts';
import { addUpgrade } from './upgrade.ts';

/** The commands of day-2 operations. Each takes `--json`; exit codes beside the usual: 3 look at it, 4 refused. */
export function addOperations(program: Command): void {
  program
    .command('drill')
    .description('exercise a procedure on servers of its own, and measure it')
    .addArgument(new Argument('<name>', 'of one, or all').choices([...Object.keys(drills), 'all']))
    .option('--full', 'the full exercise, not the short one')
    .option('--json', 'as JSON')
    .option('--report <file>', 'keep what was measured, as JSON')
    .option(
      '--record [folder]',
      'keep that it passed, for `checklist`: in METADATA_BACKUP_DIR, or in this folder',
    )
    .action(async (name, options) => (await import('../commands/drill.ts')).drill(name, options));
  addApiKeys(program);
  addAudit(program);
  addBackup(program);
  addCerts(program);
  addDoctor(program);
  addIncident(program);
  addJwt(program);
  addMaintenance(program);
  addSupport(program);
  addUpgrade(program);
}
