/** Something that a drill measured, and what it must not exceed or fall short of. */
export interface Figure {
  /** In words: `first successful write after the loss`. */
  readonly name: string;
  readonly value: number;
  /** `s`, `ms`, `requests`, `rows`. */
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** What a drill is given. */
export interface DrillHarness {
  /** An empty folder of its own, removed afterwards. */
  readonly directory: string;
  /** Whether it is the full exercise, or the short one that every change passes. */
  readonly isFull: boolean;
  /** Says what is being done, for whoever watches. */
  readonly say: (line: string) => void;
  /** The operator's own backups, for the drill that restores one; undefined: none are named. */
  readonly backups?: () => BackupsToDrill | undefined;
}

export interface BackupsToDrill {
  readonly directory: string;
  /** The file of the private key, where they are encrypted. */
  readonly identityPath: string | undefined;
  /** Variables that the service needs beside a database. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Told of a restore that was verified. */
  readonly noteSuccess?: (restore: DrilledRestore) => Promise<void>;
}

/** What a restore measured. */
export interface DrilledRestore {
  /** ISO 8601, UTC. */
  readonly succeededAt: string;
  readonly rtoSeconds: number;
  readonly rpoSeconds: number;
}

/** An exercise of a procedure on servers of its own: nothing that runs elsewhere is touched. */
export interface Drill {
  readonly name: string;
  /** What it shows, in a sentence. */
  readonly shows: string;
  /** Programs that it runs; where one is missing, the drill says so and does not pass. */
  readonly programs: readonly string[];
  /** Resolves with what it measured; rejects where the exercise itself broke. Leaves no process behind. */
  readonly run: (harness: DrillHarness) => Promise<readonly Figure[]>;
}

/** What came of a drill. */
export interface DrillReport {
  readonly drill: string;
  readonly shows: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly isFull: boolean;
  readonly figures: readonly Figure[];
  /** Why it did not pass; empty where it did. */
  readonly faults: readonly string[];
}

/** What is wrong with a figure; undefined where nothing is. @NOTE not a number is never good enough. */
export function faultOf({ name, value, unit, atMost, atLeast }: Figure): string | undefined {
  if (atMost !== undefined && !(value <= atMost)) {
    return `${name}: ${value} ${unit}, at most ${atMost} are allowed`;
  }
  return atLeast !== undefined && !(value >= atLeast)
    ? `${name}: ${value} ${unit}, at least ${atLeast} are demanded`
    : undefined;
}
