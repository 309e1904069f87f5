import type { Incident } from './incident.ts';
import { contacts, escalationLevels, telephoneSettings } from './on-call-policy.ts';

/** Who is called, and when. */
export interface CallLevel {
  readonly level: number;
  readonly who: string;
  /** After the incident became critical. */
  readonly afterMinutes: number;
}

/** The levels of the operations guide; those of the alerts are the same. */
export const callLevels: readonly CallLevel[] = [
  { level: 1, who: 'on-call engineer', afterMinutes: 0 },
  ...escalationLevels.map(({ level, who, afterSeconds }) => ({
    level: Number(level),
    who,
    afterMinutes: afterSeconds / 60,
  })),
];

/** Of the levels, the first first; undefined where none is set. */
export type Telephones = readonly (string | undefined)[];

/** `senior engineer, +49 30 901821`; without a number, where it is set. */
export function whoToCall({ level, who }: Pick<CallLevel, 'level' | 'who'>, telephones: Telephones): string {
  const telephone = telephones[level - 1];
  return telephone === undefined
    ? `${who} (${telephoneSettings[level - 1]} is not set)`
    : `${who}, ${telephone}`;
}

/** Whom to ask for help with what. */
export const helpers: readonly string[] = [
  `database: ${contacts.database.email}`,
  `security: ${contacts.security.email}`,
  `infrastructure: ${contacts.infrastructure.email}`,
];

/** The next level of an incident; undefined where it has come to the last. */
export const nextLevel = ({ level }: Pick<Incident, 'level'>): CallLevel | undefined =>
  callLevels.find((each) => each.level === level + 1);

/** When a level is to be called; undefined for a warning, for which the clock calls nobody. */
export const dueAt = (
  { criticalSince }: Pick<Incident, 'criticalSince'>,
  { afterMinutes }: CallLevel,
): Date | undefined =>
  criticalSince === null ? undefined : new Date(Date.parse(criticalSince) + afterMinutes * 60_000);

/**
 * The level that the guide would have it at by now, where that is above the one that it is at. Never one for a warning: as
 * with alerts, where Alertmanager sends those to the team that answers for them, and escalates critical ones alone.
 */
export function dueLevel(incident: Incident, now: Date): CallLevel | undefined {
  const due = callLevels.findLast((each) => {
    const at = dueAt(incident, each);
    return at !== undefined && now >= at;
  });
  return incident.closed === undefined && due !== undefined && due.level > incident.level ? due : undefined;
}
