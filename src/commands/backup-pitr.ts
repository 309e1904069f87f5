import { resolve } from 'node:path';
import {
  backUpCluster,
  checkArchiving,
  examineSetup,
  type Repository,
  renderServerSettings,
  type SetupOptions,
  setupArchiving,
  verifyRepository,
} from '../operations/pitr/index.ts';
import { noteSuccess } from '../platform/backup-state/backup-state.ts';
import { backupSettings, size } from './backup-settings.ts';
import { report } from './outcome.ts';

/** How each of these names its repository. */
export interface RepositoryOptions {
  readonly config: string;
  readonly stanza: string;
  readonly json?: boolean;
}

export const repositoryOf = ({ config, stanza }: RepositoryOptions): Repository => ({
  configFile: resolve(config),
  stanza,
});

export interface PitrSetupOptions extends RepositoryOptions {
  readonly dataDirectory: string;
  readonly socketDirectory: string;
  readonly port: number;
  readonly repository: string;
  readonly spool: string;
  readonly logs: string;
  readonly locks: string;
  /** `--no-encrypt` makes it false. */
  readonly encrypt: boolean;
  readonly apply?: boolean;
  readonly dryRun?: boolean;
}

/** Writes pgbackrest.conf, makes the stanza, and says what PostgreSQL needs; with `--apply` it is set. */
export async function pitrSetup(options: PitrSetupOptions): Promise<void> {
  const { retentionDays, demandDsn } = backupSettings();
  const configFile = resolve(options.config);
  const what = {
    configFile,
    layout: {
      stanza: options.stanza,
      dataDirectory: resolve(options.dataDirectory),
      socketDirectory: resolve(options.socketDirectory),
      port: options.port,
      repository: resolve(options.repository),
      spool: resolve(options.spool),
      logs: resolve(options.logs),
      locks: resolve(options.locks),
      retentionDays,
    },
    isEncrypted: options.encrypt,
    dsn: options.apply ? demandDsn() : undefined,
  };
  if (options.dryRun) {
    await trySetup(what, options);
    return;
  }
  const { settings, isApplied, needsRestart } = await setupArchiving(what);
  const next = needsRestart ? 'Restart PostgreSQL once, then' : 'Now';
  report(
    {
      exitCode: 0,
      text:
        `${configFile} is written, and ${options.repository} is ready.\n` +
        (options.encrypt
          ? `Keep a copy of ${configFile} elsewhere: without the key in it the repository is lost.\n`
          : '') +
        (isApplied ? 'PostgreSQL has been told:\n' : 'Put this into postgresql.conf:\n') +
        `${renderServerSettings(settings).replace(/^/gm, '  ').trimEnd()}\n` +
        `${next}: \`brownie backup pitr full\`, and \`brownie backup pitr check\`.\n`,
      json: { configFile, settings, isApplied, needsRestart },
    },
    options,
  );
}

async function trySetup(what: SetupOptions, options: RepositoryOptions): Promise<void> {
  const { text, isWritten, settings, needsRestart } = await examineSetup(what);
  const { configFile, dsn, layout } = what;
  const indented = (lines: string): string => `${lines.trimEnd().replace(/^(?=.)/gm, '  ')}\n`;
  report(
    {
      exitCode: 0,
      text:
        (isWritten
          ? `${configFile} is there already.\n`
          : `${configFile} would be written:\n${indented(text)}`) +
        `${layout.repository} would be made ready.\n` +
        `PostgreSQL ${dsn === undefined ? 'would need' : 'would be told'}${needsRestart ? ', with a restart' : ''}:\n` +
        `${indented(renderServerSettings(settings))}Nothing was changed.\n`,
      json: {
        configFile,
        isWritten,
        settings,
        isApplied: false,
        needsRestart,
        isDryRun: true,
      },
    },
    options,
  );
}

/** Has a segment archived and waits for it; ends with 3 where something would make it miss the objective. */
export async function pitrCheck(options: RepositoryOptions): Promise<void> {
  const warnings = await checkArchiving(repositoryOf(options), backupSettings().demandDsn());
  report(
    {
      exitCode: warnings.length === 0 ? 0 : 3,
      text: `A segment went into the repository and was found there.\n${warnings.map((warning) => `  ! ${warning}\n`).join('')}`,
      json: { warnings },
    },
    options,
  );
}

/** Makes a full or an incremental base backup. */
export async function pitrBackup(type: 'full' | 'incr', options: RepositoryOptions): Promise<void> {
  const { directory } = backupSettings();
  const { label, type: made, finishedAt, bytes } = await backUpCluster(repositoryOf(options), type);
  await noteSuccess(directory, {
    backups: { [made === 'full' ? 'full' : 'incr']: finishedAt.toISOString() },
  });
  report(
    {
      exitCode: 0,
      text: `${label}: ${made === 'full' ? 'full' : 'incremental'}, of a cluster of ${size(bytes)}\n`,
      json: { label, type: made, finishedAt: finishedAt.toISOString(), bytes },
    },
    options,
  );
}

export interface PitrVerifyOptions extends RepositoryOptions {
  readonly walSegmentSize: number;
}

/** Reads the whole repository, and looks for gaps in it. */
export async function pitrVerify(options: PitrVerifyOptions): Promise<void> {
  const { faults, backups, segments } = await verifyRepository(repositoryOf(options), {
    segmentMegabytes: options.walSegmentSize,
  });
  report(
    {
      exitCode: faults.length === 0 ? 0 : 1,
      text: `${backups} backups and ${segments} segments were read: ${faults.length === 0 ? 'all sound, no gap' : 'DAMAGED'}\n${faults.map((fault) => `  ! ${fault}\n`).join('')}`,
      json: { faults, backups, segments },
    },
    options,
  );
}
