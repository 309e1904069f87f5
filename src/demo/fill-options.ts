import type { LoginRole } from './people.ts';

/** Told how many of a kind are in, of how many. */
export type OnProgress = (kind: string, done: number, total: number) => void;

export interface FillOptions {
  readonly incidents: number;
  /** For the people who can log in. */
  readonly passwordHashes: ReadonlyMap<LoginRole, string>;
  /** Milliseconds since 1970: where the year of data ends. */
  readonly now: number;
  readonly onProgress: OnProgress;
}
