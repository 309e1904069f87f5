import type { DoctorContext } from './doctor-context.ts';

/** What a check looks at; `brownie doctor --only` takes these. */
export const areas = [
  'configuration',
  'certificates',
  'database',
  'schema',
  'secrets',
  'connections',
  'activity',
  'tables',
  'redis',
  'mail',
  'sign-on',
  'disk',
  'backups',
  'service',
] as const;
export type Area = (typeof areas)[number];

/** `unknown`: the check could not look, and its finding says why. */
export type Severity = 'critical' | 'warning' | 'unknown' | 'ok';

/** What a check found. Holds no secret. */
export interface Verdict {
  readonly severity: Severity;
  /** In a sentence. */
  readonly finding: string;
  /** What it saw, a line each. */
  readonly evidence: readonly string[];
  /** The command, or the setting, that mends it; null where there is nothing to mend. */
  readonly remedy: string | null;
  /** Whether it is of how things are, or of how fast they are at the moment, which a busy machine explains, too. */
  readonly about: 'state' | 'speed';
}

/** One look at one thing. */
export interface Check {
  /** `database.clock`: its area, and what it looks at. */
  readonly id: `${Area}.${string}`;
  /** Where to read on: a file in `docs/`, with an anchor perhaps. */
  readonly runbook: `docs/${string}`;
  /** May reject: what it rejects with is why it could not look. */
  readonly look: (context: DoctorContext) => Promise<Verdict>;
}

/** A verdict, and which check it is of. */
export interface Diagnosis extends Verdict {
  readonly check: Check['id'];
  readonly runbook: string;
}

export const ok = (finding: string, evidence: readonly string[] = []): Verdict => ({
  severity: 'ok',
  finding,
  evidence,
  remedy: null,
  about: 'state',
});

/** For a check that has nothing to look at here, or no way to. */
export const unknown = (finding: string, remedy: string | null = null): Verdict => ({
  severity: 'unknown',
  finding,
  evidence: [],
  remedy,
  about: 'state',
});

interface Complaint {
  readonly finding: string;
  readonly remedy: string;
  readonly evidence?: readonly string[];
  readonly about?: Verdict['about'];
}

export const warning = ({ evidence = [], about = 'state', ...complaint }: Complaint): Verdict => ({
  severity: 'warning',
  evidence,
  about,
  ...complaint,
});

export const critical = ({ evidence = [], about = 'state', ...complaint }: Complaint): Verdict => ({
  severity: 'critical',
  evidence,
  about,
  ...complaint,
});

export const areaOf = ({ id }: Pick<Check, 'id'>): Area => id.split('.')[0] as Area;
