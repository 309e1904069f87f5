import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesBetween, eventType, isReopening, timesAfter, untouched } from './incident-lifecycle.ts';
import type { Incident, IncidentStatus } from './incident-schemas.ts';

const statuses: readonly IncidentStatus[] = ['open', 'in_progress', 'resolved', 'closed', 'cancelled'];
const created = '2026-03-01T08:00:00.000Z';
const earlier = '2026-03-01T08:10:00.000Z';
const now = '2026-03-01T09:30:59.999Z';

/** An incident that was started, and ended where its status says so, ten minutes after it was created. */
const incidentThat = (status: IncidentStatus) => ({
  created_at: created,
  status,
  started_at: status === 'open' ? null : earlier,
  resolved_at: status === 'resolved' || status === 'closed' ? earlier : null,
  closed_at: status === 'closed' ? earlier : null,
  response_time_minutes: status === 'open' ? null : 10,
  resolution_time_minutes: status === 'resolved' || status === 'closed' ? 10 : null,
});

describe('the times after a step', () => {
  // started, resolved, closed: `-` none, `=` as before, `now` stamped with this step
  test.each<[IncidentStatus, IncidentStatus, string]>([
    ['open', 'open', '- - -'],
    ['open', 'in_progress', 'now - -'],
    ['open', 'resolved', 'now now -'],
    ['open', 'closed', 'now - now'],
    ['open', 'cancelled', 'now - -'],
    ['in_progress', 'open', '= - -'],
    ['in_progress', 'in_progress', '= - -'],
    ['in_progress', 'resolved', '= now -'],
    ['in_progress', 'closed', '= - now'],
    ['in_progress', 'cancelled', '= - -'],
    ['resolved', 'open', '= - -'],
    ['resolved', 'in_progress', '= - -'],
    ['resolved', 'resolved', '= = -'],
    ['resolved', 'closed', '= = now'],
    ['resolved', 'cancelled', '= = -'],
    ['closed', 'open', '= - -'],
    ['closed', 'in_progress', '= - -'],
    ['closed', 'resolved', '= now -'],
    ['closed', 'closed', '= = ='],
    ['closed', 'cancelled', '= = -'],
    ['cancelled', 'open', '= - -'],
    ['cancelled', 'in_progress', '= - -'],
    ['cancelled', 'resolved', '= now -'],
    ['cancelled', 'closed', '= - now'],
    ['cancelled', 'cancelled', '= - -'],
  ])('from %s to %s are %s', (from, to, expected) => {
    const meaning: Readonly<Record<string, string | null>> = { '-': null, '=': earlier, now };
    const [started, resolved, closed] = expected.split(' ').map((word) => meaning[word]);
    expect(timesAfter(incidentThat(from), { status: to, isAssigned: false }, now)).toMatchObject({
      started_at: started,
      resolved_at: resolved,
      closed_at: closed,
    });
  });

  test('an assignment starts an open incident, once', () => {
    const first = timesAfter(incidentThat('open'), { status: 'open', isAssigned: true }, earlier);
    expect(first).toEqual({ ...untouched, started_at: earlier, response_time_minutes: 10 });
    const again = timesAfter(
      { ...incidentThat('open'), ...first },
      { status: 'open', isAssigned: true },
      now,
    );
    expect(again).toEqual(first);
  });

  test('durations are whole minutes since creation, rounded down', () => {
    const times = timesAfter(incidentThat('open'), { status: 'resolved', isAssigned: false }, now);
    expect([times.response_time_minutes, times.resolution_time_minutes]).toEqual([90, 90]);
  });

  test('a clock that went backwards makes no negative duration', () => {
    const before = '2026-03-01T07:00:00.000Z';
    const times = timesAfter(incidentThat('open'), { status: 'resolved', isAssigned: false }, before);
    expect([times.response_time_minutes, times.resolution_time_minutes]).toEqual([0, 0]);
  });
});

interface Step {
  readonly status: IncidentStatus;
  readonly isAssigned: boolean;
  readonly minutes: number;
}
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    status: fc.constantFrom(...statuses),
    isAssigned: fc.boolean(),
    minutes: fc.integer({ min: 0, max: 600 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** The states that an incident goes through, the one it was created in first. */
function walk(taken: readonly Step[]) {
  let at = Date.parse(created);
  let incident = { ...untouched, created_at: created, status: 'open' as IncidentStatus };
  return taken.map(({ minutes, ...next }) => {
    at += minutes * 60_000;
    incident = {
      ...incident,
      ...timesAfter(incident, next, new Date(at).toISOString()),
      status: next.status,
    };
    return incident;
  });
}

describe('after any sequence of steps', () => {
  test('the constraints of migration 0002 hold', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        for (const { status, ...times } of walk(taken)) {
          expect(status !== 'resolved' || times.resolved_at !== null, 'incidents_resolved_check').toBe(true);
          expect((status === 'closed') === (times.closed_at !== null), 'incidents_closed_check').toBe(true);
          expect(status === 'open' || times.started_at !== null, 'incidents_started_check').toBe(true);
          expect(times.response_time_minutes === null, 'incidents_response_time_check').toBe(
            times.started_at === null,
          );
          expect(times.resolution_time_minutes === null, 'incidents_resolution_time_check').toBe(
            times.resolved_at === null,
          );
        }
      }),
    );
  });

  test('work that has begun has begun, and nothing ends before it began', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const states = walk(taken);
        const begun = states.find((state) => state.started_at !== null)?.started_at ?? null;
        for (const state of states) {
          expect([null, begun]).toContain(state.started_at);
          const { started_at: started, resolved_at: resolved } = state;
          expect(started === null || resolved === null || resolved >= started).toBe(true);
        }
        expect(states.at(-1)?.started_at).toBe(begun);
      }),
    );
  });
});

describe('what the timeline tells', () => {
  const incident = {
    title: 'Disk full',
    status: 'open',
    assigned_to: null,
    tags: ['disk'],
    incident_metadata: { host: 'a' },
    version: 1,
  } as unknown as Incident;

  test('is every field that changed, from and to, and no other', () => {
    const after: Incident = { ...incident, title: 'Disk nearly full', tags: ['disk', 'a'], version: 2 };
    expect(changesBetween(incident, after)).toEqual({
      title: { from: 'Disk full', to: 'Disk nearly full' },
      tags: { from: ['disk'], to: ['disk', 'a'] },
    });
  });

  test.each<[string, Partial<Incident>, Partial<Incident>]>([
    ['updated', {}, { title: 'x' }],
    ['assigned', {}, { assigned_to: 'someone' }],
    ['status_changed', {}, { status: 'resolved' }],
    ['status_changed', { status: 'resolved' }, { status: 'closed' }],
    ['reopened', { status: 'cancelled' }, { status: 'in_progress', assigned_to: 'someone' }],
  ])('is called %s', (type, before, after) => {
    expect(eventType({ ...incident, ...before }, { ...incident, ...before, ...after })).toBe(type);
  });

  test('is a reopening exactly from an end to a beginning', () => {
    const reopening = statuses.flatMap((from) =>
      statuses.filter((to) => isReopening(from, to)).map((to) => `${from} to ${to}`),
    );
    expect(reopening).toEqual([
      'resolved to open',
      'resolved to in_progress',
      'closed to open',
      'closed to in_progress',
      'cancelled to open',
      'cancelled to in_progress',
    ]);
  });
});
