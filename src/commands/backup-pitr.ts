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

const listed = (findings: readonly string[]): string => findings.map((each) => `  ! ${each}\n`).join('');

/**
 * Has a segment archived and waits for it, and looks for gaps; ends with 1 where there is one, with 3 where something would make
 * it miss the objective.
 */
export async function pitrCheck(options: RepositoryOptions): Promise<void> {
  const { demandDsn, noteSuccess } = backupSettings();
  const { gaps, warnings } = await checkArchiving(repositoryOf(options), demandDsn());
  if (gaps.length === 0) {
    await noteSuccess({ archive: { wholeAt: new Date().toISOString() } });
  }
  report(
    {
      exitCode: gaps.length > 0 ? 1 : warnings.length > 0 ? 3 : 0,
      text:
        `A segment went into the repository and was found there.\n${listed([...gaps, ...warnings])}` +
        (gaps.length === 0
          ? ''
          : 'A recovery to the end would end at the gap: find the segment, or make a new start behind it with `brownie backup pitr full`.\n'),
      json: { gaps, warnings },
    },
    options,
  );
}

/** Makes a full or an incremental base backup; ends with 1 where what it copied is damaged, with 3 where the archive has a gap before it. */
export async function pitrBackup(type: 'full' | 'incr', options: RepositoryOptions): Promise<void> {
  const { noteSuccess } = backupSettings();
  const made = await backUpCluster(repositoryOf(options), type);
  const { label, finishedAt, bytes, damages, gapsBefore } = made;
  const isFull = made.type === 'full';
  if (damages.length === 0) {
    await noteSuccess({ backups: { [isFull ? 'full' : 'incr']: finishedAt.toISOString() } });
  }
  report(
    {
      exitCode: damages.length > 0 ? 1 : gapsBefore.length > 0 ? 3 : 0,
      text:
        `${label}: ${isFull ? 'full' : 'incremental'}, of a cluster of ${size(bytes)}${damages.length > 0 ? ', DAMAGED in the cluster itself' : ''}\n` +
        listed(damages) +
        listed(gapsBefore.map((gap) => `before it, ${gap}: no moment in there can be restored`)),
      json: {
        label,
        type: made.type,
        finishedAt: finishedAt.toISOString(),
        bytes,
        damages,
        gapsBefore,
      },
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
      text: `${backups} backups and ${segments} segments were read: ${faults.length === 0 ? 'all sound, no gap' : 'DAMAGED'}\n${listed(faults)}`,
      json: { faults, backups, segments },
    },
    options,
  );
}
