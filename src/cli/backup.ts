import type { Command } from 'commander';
import { addPitr } from './pitr.ts';

/** `brownie backup …`: dumps of the database, and the archive. */
export function addBackup(program: Command): void {
  const backup = program.command('backup').description('back the database up, and bring it back');
  backup
    .command('create')
    .description('make a backup: all rows as of one moment, the roles, and a manifest')
    .option('--role-passwords', 'with the hashes of the passwords of roles; encrypted only')
    .option('--no-upload', 'do not copy it to METADATA_BACKUP_S3_URL')
    .option('--dry-run', 'look whether it can be made, and make none')
    .option('--json', 'as JSON')
    .action(async (options) => (await import('../commands/backup-create.ts')).backupCreate(options));
  backup
    .command('list')
    .description('show the backups, and which are good')
    .option('--json', 'as JSON')
    .action(async (options) => (await import('../commands/backup-list.ts')).backupList(options));
  backup
    .command('verify')
    .description('look whether a backup is good')
    .argument('[name]', 'of a backup', 'latest')
    .option('--restore', 'restore it into a database that is dropped afterwards')
    .option('--all', 'all of them')
    .option('--json', 'as JSON')
    .action(async (name, options) =>
      (await import('../commands/backup-verify.ts')).backupVerify(name, options),
    );
  backup
    .command('prune')
    .description('remove old backups; never one of the last three good ones')
    .option('--dry-run', 'show what would be removed')
    .option('--json', 'as JSON')
    .action(async (options) => (await import('../commands/backup-prune.ts')).backupPrune(options));
  backup
    .command('restore')
    .description('restore a backup beside the live database, verify it, and say how to switch')
    .argument('[name]', 'of a backup', 'latest')
    .requiredOption(
      '--into <database>',
      'a new or empty database: its name, or a DSN without a password; of the embedded one: a new or empty folder',
    )
    .option('--accept-locale', 'restore it even where texts are sorted and found in another way')
    .option('--dry-run', 'look whether it can be restored there, and change nothing')
    .option('--json', 'as JSON')
    .action(async (name, options) =>
      (await import('../commands/backup-restore.ts')).backupRestore(name, options),
    );
  backup
    .command('fetch')
    .description('bring a backup back from S3; without a name, show what is there')
    .argument('[name]', 'of a backup')
    .option('--json', 'as JSON')
    .action(async (name, options) =>
      (await import('../commands/backup-fetch.ts')).backupFetch(name, options),
    );
  backup
    .command('config')
    .description('copy .env and the compose files, readable by their owner alone')
    .option('--from <folder>', 'where they are', '.')
    .option('--into <folder>', 'where the copies go; beside them by default')
    .option('--dry-run', 'name the copies, and make none')
    .option('--json', 'as JSON')
    .action(async (options) => (await import('../commands/backup-config.ts')).backupConfig(options));
  addPitr(program, backup);
}
