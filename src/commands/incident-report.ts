import { userInfo } from 'node:os';
import { openEnvironment, processSource } from '../config/index.ts';
import {
  dueLevel,
  type Incident,
  IncidentStore,
  renderIncident,
  telephoneSettings,
} from '../operations/incident-log/index.ts';
import { doctorPatient } from './doctor-context.ts';
import { report } from './outcome.ts';

/** What every command of an incident takes. */
export interface IncidentOptions {
  readonly json?: boolean;
  /** Who writes; the user of the machine by default. */
  readonly by?: string;
}

/** What each entry of a log begins with. */
export const written = ({ by }: IncidentOptions) => ({
  at: new Date().toISOString(),
  by: by ?? userInfo().username,
});

/** The logs of incidents, in the folder that the configuration names. */
export function openStore(settings = doctorPatient()): IncidentStore {
  return new IncidentStore(settings.configuration.config?.operations.incidentDirectory ?? directoryAlone());
}

const directoryAlone = (): string => settingAlone('METADATA_INCIDENT_DIR') ?? '.brownie/incidents';

/** The telephones of the levels. */
export const telephones = (settings = doctorPatient()): readonly (string | undefined)[] =>
  settings.configuration.config?.operations.telephones ?? telephoneSettings.map(settingAlone);

/** @NOTE the log of incidents must work where everything else is broken, the rest of the configuration included. */
function settingAlone(name: string): string | undefined {
  const raw = openEnvironment(processSource()).lookUp({ name, secret: false });
  return raw.state === 'given' ? raw.text : undefined;
}

interface Showing {
  /** For people, where it is not all of the incident. */
  readonly text?: string;
  readonly json?: object;
  readonly now?: Date;
}

/** Reports how an incident stands. Ends with 3 where somebody is due to be called. */
export function reportIncident(
  incident: Incident,
  options: IncidentOptions,
  { text, json, now = new Date() }: Showing = {},
): void {
  const isDue = dueLevel(incident, now) !== undefined;
  report(
    {
      exitCode: isDue ? 3 : 0,
      text: text ?? renderIncident(incident, now, telephones()),
      json: { incident, isEscalationDue: isDue, ...json },
    },
    options,
  );
}
