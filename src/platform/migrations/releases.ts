/** A release of this program. */
export interface Release {
  readonly version: string;
  /** The number of the last migration that it brings. */
  readonly lastMigration: number;
}

/** Every release, the oldest first. The table of docs/procedures/updating.md says the same. */
export const releases: readonly Release[] = [
  { version: '1.0.0', lastMigration: 16 },
  { version: '1.1.0', lastMigration: 30 },
  { version: '1.2.0', lastMigration: 38 },
  { version: '1.3.0', lastMigration: 49 },
  { version: '1.4.0', lastMigration: 62 },
];

/** The release that a schema is of: the newest whose migrations are all applied; undefined for one from before the first. */
export const releaseOf = (lastApplied: number, all: readonly Release[] = releases): Release | undefined =>
  all.findLast(({ lastMigration }) => lastMigration <= lastApplied);
