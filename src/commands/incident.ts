import { openDoctorContext } from '../operations/doctor/index.ts';
import {
  draftPostMortem,
  dueLevel,
  gatherEvidence,
  newIncidentId,
  nextLevel,
  postMortem,
  postMortemDue,
  renderClosed,
  renderEscalated,
  renderNoted,
  renderNotedAfterwards,
  type Severity,
  type Step,
  type WrittenDraft,
} from '../operations/incident-log/index.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';
import { version } from '../platform/system/version.ts';
import { doctorPatient } from './doctor-context.ts';
import { type IncidentOptions, openStore, reportIncident, telephones, written } from './incident-report.ts';
import { report } from './outcome.ts';

export interface OpenOptions extends IncidentOptions {
  readonly severity: Severity;
  /** When it began. */
  readonly since?: Date;
}

/** Opens an incident of the service, and gathers what is the matter at this moment. */
export async function openIncident(title: string, options: OpenOptions): Promise<void> {
  const settings = doctorPatient();
  const store = openStore(settings);
  const id = newIncidentId(new Date());
  await store.create(id, {
    ...written(options),
    kind: 'opened',
    id,
    title,
    severity: options.severity,
    startedAt: options.since?.toISOString() ?? null,
    version,
  });
  await using context = openDoctorContext(settings);
  const evidence = await gatherEvidence(context);
  await store.append(id, { ...written(options), kind: 'evidence', ...evidence });
  reportIncident(await store.read(id), options, { json: { path: store.pathOf(id) } });
}

export interface NoteOptions extends IncidentOptions {
  readonly step?: Step;
  /** What it is from here on. */
  readonly severity?: Severity;
}

/**
 * Writes down what was seen or done, and at which step; by default the one that the incident is at, and afterwards
 * `post-incident`. After it was closed the draft of its post-mortem takes the note up.
 */
export async function noteIncident(id: string, text: string, options: NoteOptions): Promise<void> {
  const store = openStore();
  const before = await store.read(id);
  if (before.closed !== undefined && options.severity !== undefined) {
    throw new RefusedError(`The incident ${id} is closed: nothing hangs on its severity any more`);
  }
  const step = options.step ?? (before.closed === undefined ? before.step : 'post-incident');
  const { severity } = options;
  await store.append(id, {
    ...written(options),
    kind: 'note',
    step,
    text,
    ...(severity === undefined ? {} : { severity }),
  });
  const incident = await store.read(id);
  if (incident.closed !== undefined) {
    const draft = await draftPostMortem(store, incident);
    const outcome = { exitCode: 0, text: renderNotedAfterwards(incident, draft) } as const;
    report({ ...outcome, json: { incident, ...draftJson(draft) } }, options);
    return;
  }
  const now = new Date();
  reportIncident(incident, options, { text: renderNoted(incident, step, now, telephones()), now });
}

const draftJson = ({ path, edited }: WrittenDraft) => ({ postMortem: path, editedPostMortems: edited });

/** Hands an incident to the next level, or to the one given, and says whom to call. */
export async function escalateIncident(id: string, options: IncidentOptions): Promise<void> {
  const store = openStore();
  const incident = await store.read(id);
  const next = nextLevel(incident);
  if (incident.closed !== undefined || next === undefined) {
    throw new RefusedError(
      incident.closed === undefined
        ? `The incident ${id} is at the last level already`
        : `The incident ${id} is closed: there is nobody to call`,
    );
  }
  // @NOTE further than one step where the guide's time for the next one has passed, too.
  const target = dueLevel(incident, new Date()) ?? next;
  await store.append(id, {
    ...written(options),
    kind: 'escalated',
    level: target.level,
    who: target.who,
  });
  const escalated = await store.read(id);
  const now = new Date();
  reportIncident(escalated, options, {
    text: renderEscalated(escalated, target, now, telephones()),
    json: { call: target },
    now,
  });
}

export interface CloseOptions extends IncidentOptions {
  /** When it was over. */
  readonly resolved?: Date;
  readonly impact?: string;
  readonly cause?: string;
  readonly dryRun?: boolean;
}

/** Closes an incident, and writes the draft of its post-mortem. */
export async function closeIncident(id: string, options: CloseOptions): Promise<void> {
  const store = openStore();
  const before = await store.read(id);
  if (before.closed !== undefined) {
    throw new RefusedError(
      `The incident ${id} is closed already: its post-mortem is ${store.pathOf(id, 'md')}`,
    );
  }
  const entry = written(options);
  const closed = {
    ...entry,
    kind: 'closed',
    resolvedAt: options.resolved?.toISOString() ?? entry.at,
    impact: options.impact ?? null,
    cause: options.cause ?? null,
  } as const;
  if (options.dryRun) {
    const draft = postMortem({ ...before, closed, entries: [...before.entries, closed] });
    report({ exitCode: 0, text: draft, json: { isDryRun: true, draft } }, options);
    return;
  }
  await store.append(id, closed);
  const incident = await store.read(id);
  const draft = await draftPostMortem(store, incident);
  report(
    {
      exitCode: 0,
      text: renderClosed(incident, draft, new Date()),
      json: {
        incident,
        ...draftJson(draft),
        postMortemDue: postMortemDue(new Date(entry.at)),
      },
    },
    options,
  );
}
