import { dueLevel, incidentLine } from '../operations/incident-log/index.ts';
import { type IncidentOptions, openStore, reportIncident } from './incident-report.ts';
import { report } from './outcome.ts';

/** Shows where an incident stands, what comes next, and whom to call when. */
export async function showIncident(id: string, options: IncidentOptions): Promise<void> {
  reportIncident(await openStore().read(id), options);
}

/** Every incident, the newest first. Ends with 3 where somebody is due to be called. */
export async function listIncidents(options: IncidentOptions): Promise<void> {
  const incidents = await openStore().all();
  const now = new Date();
  const isDue = incidents.some((incident) => dueLevel(incident, now) !== undefined);
  const lines = incidents.map((incident) => incidentLine(incident, now));
  report(
    {
      exitCode: isDue ? 3 : 0,
      text: lines.length === 0 ? 'There is no incident.\n' : `${lines.join('\n')}\n`,
      json: { incidents },
    },
    options,
  );
}
