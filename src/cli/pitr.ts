import { type Command, Option } from 'commander';
import { pastTime } from '../commands/past-time.ts';
import { wholeNumber } from '../platform/system/whole-number.ts';
import { uuid } from './uuid.ts';

/** `brownie backup pitr …` and `brownie restore …`: continuous archiving with pgBackRest, and recovery from it. */
export function addPitr(program: Command, backup: Command): void {
  const pitr = backup.command('pitr').description('archive continuously with pgBackRest');
  addSetup(pitr);
  repository(pitr.command('check').description('have a segment archived, and wait for it')).action(
    async (options) => (await import('../commands/backup-pitr.ts')).pitrCheck(options),
  );
  for (const [type, what] of [
    ['full', 'a full base backup'],
    ['incr', 'an incremental base backup'],
  ] as const) {
    repository(pitr.command(type).description(`make ${what}`)).action(async (options) =>
      (await import('../commands/backup-pitr.ts')).pitrBackup(type, options),
    );
  }
  repository(pitr.command('verify').description('read the whole repository, and look for gaps in it'))
    .option(...walSegmentSize)
    .action(async (options) => (await import('../commands/backup-pitr.ts')).pitrVerify(options));
  addRestore(program);
}

function addSetup(pitr: Command): void {
  repository(
    pitr
      .command('setup')
      .description('write pgbackrest.conf, make the repository, and say what PostgreSQL needs'),
  )
    .option('--data-directory <folder>', 'of the cluster', '/var/lib/postgresql/15/main')
    .option('--socket-directory <folder>', 'of the server', '/var/run/postgresql')
    .option('--port <n>', 'of the server', wholeNumber(1, 65_535), 5432)
    .option('--repository <folder>', 'backups and archive', '/var/lib/pgbackrest')
    .option('--spool <folder>', 'segments on their way', '/var/spool/pgbackrest')
    .option('--logs <folder>', 'what pgBackRest logs', '/var/log/pgbackrest')
    .option('--locks <folder>', 'what keeps two of it apart', '/tmp/pgbackrest')
    .option('--no-encrypt', 'leave the repository unencrypted')
    .option('--apply', 'set it with `alter system`; METADATA_BACKUP_DSN must be of a superuser')
    .option('--dry-run', 'show what would be written and set, and change nothing')
    .action(async (options) => (await import('../commands/backup-pitr.ts')).pitrSetup(options));
}

function addRestore(program: Command): void {
  const restore = program
    .command('restore')
    .description('restore the cluster from the archive, beside the live one');
  cluster(restore.command('latest').description('up to the end of the archive')).action(async (options) =>
    (await import('../commands/restore-cluster.ts')).restoreLiveCluster({ type: 'latest' }, options),
  );
  cluster(
    restore
      .command('time')
      .description('up to a time: what was committed by then, and nothing after')
      .argument('<time>', 'with a zone: 2025-10-24T04:00:00Z'),
  ).action(async (at, options) =>
    (await import('../commands/restore-cluster.ts')).restoreLiveCluster({ type: 'time', at }, options),
  );
  cluster(
    restore
      .command('lsn')
      .description('up to a place in the write-ahead log')
      .argument('<lsn>', 'as `select pg_current_wal_lsn()` says: 0/7000148'),
  ).action(async (at, options) =>
    (await import('../commands/restore-cluster.ts')).restoreLiveCluster({ type: 'lsn', at }, options),
  );
  addFind(restore);
}

function addFind(restore: Command): void {
  repository(
    restore
      .command('find')
      .description('find when rows or tables went, and where just before it is')
      .option('--since <time>', 'with a zone; an hour before --until by default', pastTime)
      .option('--until <time>', 'with a zone; now by default', pastTime)
      .option('--table <name>', 'what was done to it; a dropped one has no name any more')
      .addOption(new Option('--kind <kind>', 'of change').choices(['delete', 'update', 'truncate', 'drop']))
      .option('--action <action>', 'in the audit trail, instead of the archive: incident.deleted')
      .option('--resource <id>', 'in the audit trail: what was changed', uuid)
      .option('--rows <n>', 'deleted or changed in one transaction, at least', wholeNumber(1, 1e12), 100),
  ).action(async (options) => (await import('../commands/restore-find.ts')).restoreFind(options));
}

const walSegmentSize = [
  '--wal-segment-size <MB>',
  'as `show wal_segment_size` says',
  wholeNumber(1, 1024),
  16,
] as const;

const repository = (command: Command): Command =>
  command
    .option('--config <file>', 'of pgBackRest', '/etc/pgbackrest/pgbackrest.conf')
    .option('--stanza <name>', 'of pgBackRest', 'brownie')
    .option('--json', 'as JSON');

const cluster = (command: Command): Command =>
  repository(command)
    .requiredOption('--into <folder>', 'a new or empty folder')
    .option('--wal-from <folder>', 'of pg_receivewal --synchronous, for what the archive does not have yet')
    .option('--accept-gap', 'recover up to a gap in the archive, and lose what is behind it')
    .option(...walSegmentSize)
    .option('--start', 'start it on 127.0.0.1, let it recover, and verify it')
    .option('--port <n>', 'where it is started', wholeNumber(1, 65_535), 5433)
    .option('--timeout <seconds>', 'for the recovery', wholeNumber(1, 86_400), 900)
    .option('--no-verify', 'do not verify what was started')
    .option('--dry-run', 'look whether it can be restored there, and change nothing');
