import { expect, test } from 'vitest';
import type { LogEntry } from './entry.ts';
import { dueLevel } from './escalation-level.ts';
import { incidentOf } from './incident.ts';
import { postMortem } from './post-mortem.ts';
import { renderEscalated, renderIncident, renderNoted } from './render.ts';
import { renderClosed, renderNotedAfterwards } from './render-closed.ts';

const opened = {
  kind: 'opened',
  at: '2026-11-25T14:10:00.000Z',
  by: 'ada',
  id: '20261125-3f9c',
  title: 'Redis is | away',
  severity: 'critical',
  startedAt: '2026-11-25T14:00:00.000Z',
  version: '1.0.0',
} as const satisfies LogEntry;
const evidence = {
  kind: 'evidence',
  at: '2026-11-25T14:10:01.000Z',
  by: 'ada',
  health: 'http://127.0.0.1:8080/health: 200',
  findings: ['warning: redis.connection: Nothing listens'],
  alerts: ['RedisDown (warning) since 2026-11-25T14:02:00Z'],
} as const satisfies LogEntry;
const note = {
  kind: 'note',
  at: '2026-11-25T14:20:00.000Z',
  by: 'bob',
  step: 'contain',
  text: 'took it out\nof the pool',
} as const satisfies LogEntry;
const closed = {
  kind: 'closed',
  at: '2026-11-25T15:00:00.000Z',
  by: 'bob',
  resolvedAt: '2026-11-25T14:55:00.000Z',
  impact: null,
  cause: 'a full disk',
} as const satisfies LogEntry;

const incident = (...entries: readonly LogEntry[]) => {
  const read = incidentOf([opened, ...entries]);
  if (read === undefined) {
    throw new Error('it is no incident');
  }
  return read;
};

test('a post-mortem has the times, the timeline and the evidence, and leaves to people what is theirs', () => {
  const draft = postMortem(incident(evidence, note, closed));
  expect(draft).toContain('# Redis is \\| away\n');
  expect(draft).toContain('| detected | 2026-11-25T14:10:00.000Z, by ada, after 10 min |');
  expect(draft).toContain('| resolved | 2026-11-25T14:55:00.000Z, 45 min after it was detected |');
  expect(draft).toContain('| duration | 55 min |');
  expect(draft).toContain('| 2026-11-25T14:00:00.000Z | | It began |');
  expect(draft).toContain('| 2026-11-25T14:20:00.000Z | bob | \\[contain\\] took it out of the pool |');
  expect(draft).toContain('- RedisDown (warning) since 2026-11-25T14:02:00Z');
  expect(draft).toContain('a full disk');
  expect(draft).toContain('_Who was hit, how many, and what could they not do?_');
  expect(draft).toMatch(/## Action items\n\n.*\n.*\n\| \| \| \|\n$/);
});

test('each step has its section, in the order of the guide', () => {
  const headings = [...postMortem(incident()).matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(['Assess impact', 'Contain issue', 'Resolve issue', 'Post-incident']);
});

test.each([
  [14, undefined],
  [15, 2],
  [29, 2],
  [30, 3],
  [60, 4],
])('after %i minutes level %s is due', (minutes, level) => {
  const now = new Date(Date.parse(opened.at) + minutes * 60_000);
  expect(dueLevel(incident(), now)?.level).toBe(level);
});

const minutesLater = (minutes: number) => new Date(Date.parse(opened.at) + minutes * 60_000);
const turned = (severity: 'critical' | 'warning', minutes: number): LogEntry => ({
  ...note,
  at: minutesLater(minutes).toISOString(),
  severity,
});
const asWarning = (...entries: readonly LogEntry[]) => {
  const read = incidentOf([{ ...opened, severity: 'warning' }, ...entries]);
  return read ?? incident();
};

test('for a warning nobody is ever due to be called, as no warning is escalated by Alertmanager', () => {
  expect(dueLevel(asWarning(), minutesLater(10_000))).toBeUndefined();
  const text = renderIncident(asWarning(), minutesLater(10_000), []);
  expect(text).not.toContain('DUE');
  expect(text).toContain(
    'Nobody is called by the clock: it is a warning. Once it is critical: brownie incident note',
  );
});

test('the clock runs from when it became critical, and stops once it is a warning', () => {
  const worse = asWarning(turned('critical', 100));
  expect(dueLevel(worse, minutesLater(114))).toBeUndefined();
  expect(dueLevel(worse, minutesLater(115))?.level).toBe(2);
  expect(dueLevel(incident(turned('critical', 10)), minutesLater(15))?.level).toBe(2);
  expect(dueLevel(incident(turned('warning', 10)), minutesLater(90))).toBeUndefined();
  expect(postMortem(worse)).toContain('| severity | critical, opened as warning |');
  expect(postMortem(worse)).toContain('took it out of the pool (from here on: critical)');
});

test('nobody is due to be called who has been, or once it is closed', () => {
  const now = new Date(Date.parse(opened.at) + 20 * 60_000);
  const escalated = {
    kind: 'escalated',
    at: opened.at,
    by: 'ada',
    level: 2,
    who: 'senior engineer',
  } as const satisfies LogEntry;
  expect(dueLevel(incident(escalated), now)).toBeUndefined();
  expect(dueLevel(incident(closed), now)).toBeUndefined();
});

const four = ['+49 30 901820', '+49 30 901821', '+49 30 901822', '+49 30 901823'];

test('whoever looks at it sees the tasks of its step, and whom to call', () => {
  const text = renderIncident(incident(note), new Date(Date.parse(opened.at) + 31 * 60_000), four);
  expect(text).toContain('Step: contain');
  expect(text).toContain('Enable maintenance mode if necessary');
  expect(text).toContain('DUE: call level 3, engineering manager, +49 30 901822: brownie');
  expect(text).toContain('db-team@company.com');
});

test('a note is answered in one line, with whom to call', () => {
  expect(renderNoted(incident(note), 'contain', minutesLater(1), [])).toBe(
    'Noted at the step contain of 20261125-3f9c, critical. ' +
      'Level 2, senior engineer (METADATA_SENIOR_TELEPHONE is not set), is due at 2026-11-25T14:25:00.000Z if it is not over\n',
  );
  expect(renderNoted(incident(note), 'contain', minutesLater(31), four)).toBe(
    'Noted at the step contain of 20261125-3f9c, critical. ' +
      'DUE: call level 3, engineering manager, +49 30 901822: brownie incident escalate 20261125-3f9c\n',
  );
  expect(renderNoted(asWarning(note), 'contain', minutesLater(31), four)).toBe(
    'Noted at the step contain of 20261125-3f9c, warning\n',
  );
});

test('an escalation says whom to call now, and who comes after', () => {
  const escalated = { ...opened, kind: 'escalated', level: 2, who: 'senior engineer' } as const;
  const call = { level: 2, who: 'senior engineer', afterMinutes: 15 };
  expect(renderEscalated(incident(escalated), call, minutesLater(16), four)).toBe(
    '20261125-3f9c: call level 2 now, senior engineer, +49 30 901821. ' +
      'Level 3, engineering manager, +49 30 901822, is due at 2026-11-25T14:40:00.000Z if it is not over\n',
  );
});

test('a closing says what is left to do, and by when', () => {
  const text = renderClosed(incident(closed), { path: 'x.md', edited: [] }, minutesLater(60));
  expect(text).toContain('The draft of its post-mortem: x.md\nNext:\n');
  expect(text).toContain('Hold the post-mortem by 2026-12-02 (5 working days)');
  expect(text).not.toContain('edited it');
  expect(postMortem(incident(closed))).toContain('| post-mortem | to be held by 2026-12-02 |');
});

test('a note on a closed incident says where it went, and what it left alone', () => {
  const said = renderNotedAfterwards(incident(closed, note), { path: 'x.2.md', edited: ['x.md'] });
  expect(said).toBe(
    'Noted after 20261125-3f9c was closed; it is in x.2.md. ' +
      'Left as somebody edited it: x.md; take over what is new\n',
  );
});
