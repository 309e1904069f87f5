import type { Area, Diagnosis, DoctorContext } from '../doctor/index.ts';

/** `needs-a-person`: no program can decide it, or what it would look at is not there. */
export type ItemResult = 'pass' | 'fail' | 'needs-a-person';

/** What came of an item. */
export interface Verdict {
  readonly result: ItemResult;
  /** What was seen, a line each. */
  readonly evidence: readonly string[];
  /** What to do about it, or how a person does it; null where there is nothing to do. A command of the shell runs as it is. */
  readonly command: string | null;
  /** Where to read on: a file in `docs/`; null where there is nothing to read. */
  readonly runbook: string | null;
}

/** Where the log is looked for. `container`: nothing is in the journal, and docker is where else it may be. */
export type LogSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'journal' | 'container' };

/** The log of the service. */
export interface Log {
  readonly source: LogSource;
  /** Undefined where no log is named, and none is in the journal. */
  readonly lines: readonly LogLine[] | undefined;
  /** Why the log that was named cannot be read. */
  readonly fault?: string;
}

/** What items look at. */
export interface ChecklistContext {
  readonly doctor: DoctorContext;
  /** The addresses of instances; one at least. */
  readonly urls: readonly string[];
  /** Of the last week. Never rejects. */
  readonly log: () => Promise<Log>;
  /** What doctor found in some areas; each area is looked at once. */
  readonly diagnoses: (...areas: readonly Area[]) => Promise<readonly Diagnosis[]>;
}

/** A line of the service's log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly at: Date;
  /** Of the access line of a request; undefined in other lines. */
  readonly status: number | undefined;
  readonly method: string | undefined;
  readonly endpoint: string | undefined;
  readonly errorCode: string | undefined;
  readonly address: string | undefined;
}

/** An item of a checklist. */
export interface Item {
  /** As the operations guide has it. */
  readonly title: string;
  readonly look: (context: ChecklistContext) => Promise<Verdict>;
}

/** An item, and what came of it. */
export interface Entry extends Verdict {
  readonly item: string;
}

export const pass = (evidence: readonly string[]): Verdict => ({
  result: 'pass',
  evidence,
  command: null,
  runbook: null,
});
export const fail = (
  evidence: readonly string[],
  command: string | null,
  runbook: string | null = null,
): Verdict => ({ result: 'fail', evidence, command, runbook });
export const needsPerson = (
  evidence: readonly string[],
  command: string,
  runbook: string | null = null,
): Verdict => ({ result: 'needs-a-person', evidence, command, runbook });
