import { contacts } from '../../monitoring/contacts.ts';
import { escalationLevels } from '../../monitoring/escalation.ts';
import type { Incident } from './incident.ts';

/** Who is called, and when. */
export interface CallLevel {
  readonly level: number;
  readonly who: string;
  /** After the incident was opened. */
  readonly afterMinutes: number;
}

/** The levels of the operations guide; those of the alerts are the same. */
export const callLevels: readonly CallLevel[] = [
  { level: 1, who: `on-call engineer, ${contacts.oncall.telephone}`, afterMinutes: 0 },
  ...escalationLevels.map(({ level, who, afterSeconds }) => ({
    level: Number(level),
    who,
    afterMinutes: afterSeconds / 60,
  })),
];

/** Whom to ask for help with what. */
export const helpers: readonly string[] = [
  `database: ${contacts.database.email}`,
  `security: ${contacts.security.email}`,
  `infrastructure: ${contacts.infrastructure.email}`,
];

/** The next level of an incident; undefined where it has come to the last. */
export const nextLevel = ({ level }: Pick<Incident, 'level'>): CallLevel | undefined =>
  callLevels.find((each) => each.level === level + 1);

/** The level that the guide would have it at by now, where that is above the one that it is at. */
export function dueLevel({ opened, closed, level }: Incident, now: Date): CallLevel | undefined {
  const minutes = (now.getTime() - Date.parse(opened.at)) / 60_000;
  const due = callLevels.findLast(({ afterMinutes }) => minutes >= afterMinutes);
  return closed === undefined && due !== undefined && due.level > level ? due : undefined;
}
