import { resolve } from 'node:path';
import { endCredentialsOfCluster } from '../operations/backup/restore/index.ts';
import { type Check, exitCodeOf, renderChecks, verifyDatabase } from '../operations/backup/verify/index.ts';
import {
  baseBackupFor,
  examineClusterRestore,
  judgeRecoveryEnd,
  openRestored,
  type RecoveryTarget,
  recoveryEnd,
  requireSocketRoom,
  restoreCluster,
  startRestored,
  superuserDsn,
} from '../operations/pitr/index.ts';
import { type RepositoryOptions, repositoryOf } from './backup-pitr.ts';
import { backupSettings } from './backup-settings.ts';
import { type Outcome, report } from './outcome.ts';

export interface RestoreClusterOptions extends RepositoryOptions {
  readonly into: string;
  readonly walFrom?: string;
  readonly acceptGap?: boolean;
  readonly start?: boolean;
  readonly dryRun?: boolean;
  readonly port: number;
  readonly timeout: number;
  readonly walSegmentSize: number;
  /** `--no-verify` makes it false. */
  readonly verify: boolean;
}

/** Restores a cluster beside the live one; with `--start` it is started, recovers and is verified. */
export async function restoreLiveCluster(
  target: RecoveryTarget,
  options: RestoreClusterOptions,
): Promise<void> {
  const { demandDsn, secrets, noteSuccess } = backupSettings();
  const startedAt = performance.now();
  const {
    into,
    walFrom,
    acceptGap: acceptsGap = false,
    start = false,
    port,
    timeout,
    walSegmentSize,
  } = options;
  // @NOTE what verifying takes is asked for before the hour that restoring may take.
  const liveDsn = start && options.verify ? demandDsn() : undefined;
  if (start) {
    requireSocketRoom(into, port);
  }
  const what = {
    repository: repositoryOf(options),
    into,
    target,
    walFrom,
    acceptsGap,
    segmentMegabytes: walSegmentSize,
  };
  if (options.dryRun) {
    await examineClusterRestore(what);
    report(tried(await baseBackupFor(target, what.repository), target, options), options);
    return;
  }
  const { mustReach } = await restoreCluster(what);
  let checks: readonly Check[] = [];
  let rtoSeconds: number | null = null;
  if (start) {
    await startRestored(into, port, timeout);
    const dsn = await superuserDsn(into, port, liveDsn ?? 'postgresql://postgres@localhost/postgres');
    await endCredentialsOfCluster(dsn, { target });
    await openRestored(into);
    rtoSeconds = (performance.now() - startedAt) / 1000;
    checks = [
      ...(mustReach === undefined
        ? []
        : [judgeRecoveryEnd(await recoveryEnd(into), mustReach, walSegmentSize)]),
      ...(liveDsn === undefined
        ? []
        : await verifyDatabase(await superuserDsn(into, port, liveDsn), undefined, secrets)),
    ];
  }
  const isSound = checks.every(({ isOk }) => isOk);
  if (liveDsn !== undefined && isSound) {
    // @NOTE what a recovery to the end would lose is what the archive did not have: `brownie drill total-loss` measures it.
    await noteSuccess({
      restoreDrill: { succeededAt: new Date().toISOString(), rtoSeconds: rtoSeconds ?? 0, rpoSeconds: 0 },
    });
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  report(
    {
      exitCode: exitCodeOf(checks),
      text:
        `${resolve(into)} is restored after ${seconds} s${start ? `, and serves on 127.0.0.1:${port}` : ''}.\n${renderChecks(checks)}` +
        nextStep(start, isSound, mustReach),
      json: {
        into: resolve(into),
        target,
        mustReach: mustReach ?? null,
        isStarted: start,
        port: start ? port : null,
        rtoSeconds,
        isSound,
        checks,
      },
    },
    options,
  );
}

function tried(
  baseBackup: string | undefined,
  target: RecoveryTarget,
  { into, start = false, port }: RestoreClusterOptions,
): Outcome {
  return {
    exitCode: 0,
    text:
      `${resolve(into)} would be restored from ${baseBackup ?? 'the base backup that pgBackRest finds'} and the archive` +
      `${start ? `, and started on 127.0.0.1:${port}` : ''}; nothing was changed.\n`,
    json: {
      into: resolve(into),
      target,
      baseBackup: baseBackup ?? null,
      isStarted: false,
      isDryRun: true,
    },
  };
}

function nextStep(isStarted: boolean, isSound: boolean, mustReach: string | undefined): string {
  if (!isStarted) {
    return (
      'Nothing was started: `--start` does, ends all sessions and tokens, and verifies it. Started by hand, end them before the service comes to\n' +
      `it: update credential_epoch set epoch = gen_random_uuid(), unbound_until = '-infinity'\n` +
      (mustReach === undefined
        ? ''
        : `Started by hand, it must say in its log that it restored ${mustReach}: else it ended before the archive does.\n`)
    );
  }
  return isSound
    ? 'All sessions and tokens are ended: everybody logs in anew; the audit trails say so. It serves this machine alone, and archives nothing. To make it the primary: docs/procedures/backup-and-recovery.md.\n'
    : 'Do not switch: it is left running for you to look at.\n';
}
