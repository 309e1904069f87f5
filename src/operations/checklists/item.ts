import type { Area, Diagnosis, Patient } from '../doctor/index.ts';

/** `needs-a-person`: no program can decide it, or what it would look at is not there. */
export type ItemResult = 'pass' | 'fail' | 'needs-a-person';

/** What came of an item. */
export interface Verdict {
  readonly result: ItemResult;
  /** What was seen, a line each. */
  readonly evidence: readonly string[];
  /** What to do about it, or how a person does it; null where there is nothing to do. */
  readonly command: string | null;
}

/** What items look at. */
export interface Ward {
  readonly patient: Patient;
  /** The addresses of instances; one at least. */
  readonly urls: readonly string[];
  /** Of the service; undefined where none is named, and none is in the journal. */
  readonly log: () => Promise<readonly LogLine[] | undefined>;
  /** What doctor found in some areas; each area is looked at once. */
  readonly diagnoses: (...areas: readonly Area[]) => Promise<readonly Diagnosis[]>;
}

/** A line of the service's log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly at: Date;
  readonly status: number | undefined;
  readonly address: string | undefined;
}

/** An item of a checklist. */
export interface Item {
  /** As the operations guide has it. */
  readonly title: string;
  readonly look: (ward: Ward) => Promise<Verdict>;
}

/** An item, and what came of it. */
export interface Entry extends Verdict {
  readonly item: string;
}

export const pass = (evidence: readonly string[]): Verdict => ({ result: 'pass', evidence, command: null });
export const fail = (evidence: readonly string[], command: string): Verdict => ({
  result: 'fail',
  evidence,
  command,
});
export const needsPerson = (evidence: readonly string[], command: string): Verdict => ({
  result: 'needs-a-person',
  evidence,
  command,
});
