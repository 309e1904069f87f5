import { historyFault, type MigrationStatus } from '../../platform/migrations/migration-status.ts';
import { type Release, releaseOf } from '../../platform/migrations/releases.ts';
import { pluralize } from '../../platform/system/wording.ts';

/** Major versions of PostgreSQL on which this release is tested, and those between. */
export const supportedServers = { min: 15, max: 18 } as const;

/** What stands in the way of an update, or wants thought before it. */
export interface Obstacle {
  /** `critical`: the update would fail, or take the service down. */
  readonly severity: 'critical' | 'warning';
  readonly finding: string;
  readonly remedy: string;
}

/** What an update to this program would do to a database. */
export interface UpgradePlan {
  /** The release whose schema the database has; null from before the first one. */
  readonly from: string | null;
  readonly to: string;
  /** The files of the migrations that would be applied, in their order. */
  readonly pending: readonly string[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * Compares a database with this program. The rule behind it: code of a release runs on the schema of the next one, so instances can be
 * replaced one by one from a release to the next, and no further.
 */
export function upgradePlan(options: {
  readonly status: MigrationStatus;
  /** Of this program. */
  readonly version: string;
  readonly releases: readonly Release[];
  /** `server_version_num` of PostgreSQL. */
  readonly serverVersion: number;
}): UpgradePlan {
  const { status, version, releases, serverVersion } = options;
  const lastApplied = Math.max(0, ...[...status.applied, ...status.ahead].map(({ number }) => number));
  const from = releaseOf(lastApplied, releases);
  return {
    from: from?.version ?? null,
    to: version,
    pending: status.pending.map(({ file }) => file),
    obstacles: [
      ...historyObstacles(status),
      ...serverObstacles(Math.floor(serverVersion / 10_000)),
      ...(lastApplied === 0 || status.pending.length === 0 ? [] : stepObstacles(from, releases)),
    ],
  };
}

function historyObstacles(status: MigrationStatus): readonly Obstacle[] {
  const fault = historyFault(status);
  if (fault !== null) {
    return [{ severity: 'critical', finding: fault, remedy: 'brownie migrate --status' }];
  }
  const { length } = status.ahead;
  return length === 0
    ? []
    : [
        {
          severity: 'warning',
          finding: `The schema is of a newer release: ${pluralize(length, 'migration')} that this program does not know`,
          remedy:
            'this program runs on the schema of the next release alone: use it to go back for a while, not to update',
        },
      ];
}

function serverObstacles(major: number): readonly Obstacle[] {
  const { min, max } = supportedServers;
  if (major < min) {
    return [
      {
        severity: 'critical',
        finding: `PostgreSQL ${major} is too old: this release needs ${min} to ${max}`,
        remedy: `update PostgreSQL first: pg_upgradecluster, or brownie backup create and a restore on ${max}`,
      },
    ];
  }
  return major <= max
    ? []
    : [
        {
          severity: 'warning',
          finding: `This release was not tried on PostgreSQL ${major}, but on ${min} to ${max}`,
          remedy: 'try it on a restored backup before: brownie backup restore',
        },
      ];
}

function stepObstacles(from: Release | undefined, releases: readonly Release[]): readonly Obstacle[] {
  const steps = from === undefined ? releases : releases.slice(releases.indexOf(from) + 1);
  if (from !== undefined && steps.length <= 1) {
    return [];
  }
  const before = from === undefined ? 'from before the first release' : `of release ${from.version}`;
  return [
    {
      severity: 'warning',
      finding: `The schema is ${before}: running code of it is not promised to serve on the schema of this release`,
      remedy:
        from === undefined
          ? 'stop the old instances before brownie migrate'
          : `update step by step (${steps.map(({ version }) => version).join(', ')}), or stop the old instances before brownie migrate`,
    },
  ];
}
