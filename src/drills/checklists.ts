import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DrillPass, drillNames, keepPasses } from '../operations/drill-record/index.ts';
import { finishBrownie } from '../platform/programs/run-brownie.ts';
import { faultNamed } from './doctor/all-faults.ts';
import type { Fault, Injected, Scene } from './doctor/fault.ts';
import { openScene } from './doctor/open-scene.ts';
import { sendQuickRequests } from './doctor/quick-requests.ts';
import { makeRequestsSlow } from './doctor/slow-requests.ts';
import type { Drill, Figure } from './drill.ts';

type ListName = 'daily' | 'weekly' | 'monthly';

interface Entry {
  readonly item: string;
  readonly result: string;
  readonly evidence: readonly string[];
}

/** What turns an item red. */
interface Trial {
  readonly list: ListName;
  readonly item: string;
  readonly inject: Fault['inject'];
}

const logLine = (fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ timestamp: new Date().toISOString(), level: 'info', message: 'request', ...fields });

/** The log that the checklists read; what is added to it is taken back. */
const withLog =
  (lines: () => readonly string[]) =>
  async (scene: Scene): Promise<Injected> => {
    await writeFile(logOf(scene), lines().join('\n'));
    return { undo: () => quietLog(scene) };
  };
const logOf = ({ directory }: Scene): string => join(directory, 'checked.log');
const quietLog = (scene: Scene): Promise<void> =>
  writeFile(logOf(scene), `${logLine({ status_code: 200 })}\n`);

const passed = (drill: string, daysAgo: number): DrillPass => ({
  drill,
  passedAt: new Date(Date.now() - daysAgo * 86_400_000).toISOString(),
  version: '1.0.0',
  isFull: false,
  seconds: 1,
  figures: [],
});

/** Every drill passed yesterday. */
const exercised = ({ directory }: Pick<Scene, 'directory'>): Promise<void> =>
  keepPasses(
    join(directory, 'backups'),
    drillNames.map((name) => passed(name, 1)),
  );

const refusals = (): readonly string[] =>
  Array.from({ length: 150 }, () => logLine({ status_code: 401, client_address: '203.0.113.9' }));

// @NOTE the last two cannot be taken back.
const trials: readonly Trial[] = [
  { list: 'daily', item: 'Check health endpoints', inject: faultNamed('Redis away').inject },
  {
    list: 'daily',
    item: 'Review error logs',
    inject: withLog(() => [logLine({ level: 'error', message: 'connection failed' })]),
  },
  {
    list: 'daily',
    item: 'Check certificate expiration',
    inject: faultNamed('a certificate that has ended').inject,
  },
  { list: 'weekly', item: 'Check database disk usage', inject: faultNamed('a disk nearly full').inject },
  { list: 'weekly', item: 'Review security logs', inject: withLog(refusals) },
  {
    list: 'monthly',
    item: 'Rotate JWT secrets',
    inject: faultNamed('a key that signs for two months').inject,
  },
  {
    list: 'monthly',
    item: 'Update certificates',
    inject: faultNamed('a certificate and the key of another one').inject,
  },
  {
    list: 'monthly',
    item: 'Review and optimize queries',
    inject: faultNamed('a statement that is slow').inject,
  },
  {
    list: 'monthly',
    item: 'Security audit',
    inject: faultNamed('row-level security switched off on a table').inject,
  },
  {
    list: 'monthly',
    item: 'Exercise the procedures',
    async inject({ directory }) {
      await rm(join(directory, 'backups'), { recursive: true });
      await keepPasses(join(directory, 'backups'), [passed('restore', 100)]);
      return { undo: () => exercised({ directory }) };
    },
  },
  { list: 'daily', item: 'Monitor metrics dashboard', inject: makeRequestsSlow },
  { list: 'weekly', item: 'Review performance metrics', inject: async () => ({}) },
];

/** Goes through the checklists of a healthy system, then turns each item red. */
export const checklistsDrill: Drill = {
  name: 'checklists',
  shows: 'Each item of the checklists passes on a healthy system, and fails on its fault.',
  programs: ['redis-server', 'openssl'],
  async run({ directory, say }) {
    await using scene = await openScene(directory);
    await quietLog(scene);
    await exercised(scene);
    const healthy = await settled(scene, say);
    let [tried, failed] = [0, 0];
    for (const { list, item, inject } of trials) {
      const injected = await inject(scene);
      if (injected === undefined) {
        say(`${item}: this machine does not let us make its fault`);
        continue;
      }
      try {
        tried += 1;
        const entry = (await goThrough(scene, list, injected.variables)).find((each) => each.item === item);
        failed += entry?.result === 'fail' ? 1 : 0;
        say(`${item}: ${entry?.result}: ${entry?.evidence[0]}`);
      } finally {
        await injected.undo?.();
      }
    }
    return figures({ items: healthy.length, passed: passedOf(healthy), tried, failed });
  },
};

/** @NOTE dependencies are a matter of people, always. */
const passedOnHealthy = 12;
const passedOf = (entries: readonly Entry[]): number =>
  entries.filter(({ result }) => result === 'pass').length;

/**
 * Goes through the lists until a healthy system shows that it is, or six times. @NOTE an instance that has only just started on a
 * busy machine waited long for its first connections, and its event loop stood still: an operator, too, would look again.
 */
async function settled(scene: Scene, say: (line: string) => void): Promise<readonly Entry[]> {
  for (let left = 6; ; left -= 1) {
    const entries: Entry[] = [];
    // @NOTE in turn: three commands at once would make the machine busy that they look at.
    for (const list of ['daily', 'weekly', 'monthly'] as const) {
      entries.push(...(await goThrough(scene, list)));
    }
    for (const { item, result, evidence } of entries.filter((each) => each.result !== 'pass')) {
      say(`healthy: ${item}: ${result}: ${evidence.join('; ')}`);
    }
    if (passedOf(entries) === passedOnHealthy || left <= 1) {
      return entries;
    }
    await sendQuickRequests(scene);
  }
}

async function goThrough(
  scene: Scene,
  list: ListName,
  changed: Injected['variables'] = {},
): Promise<readonly Entry[]> {
  // @NOTE whatever Prometheus this machine runs is not of this drill.
  const variables = { ...scene.variables, PROMETHEUS_URL: 'http://127.0.0.1:1', ...changed };
  const url = `http://${scene.variables['METADATA_HOST']}:${scene.variables['METADATA_PORT']}`;
  const args = ['checklist', list, '--json', '--log', logOf(scene), '--url', url];
  const { code, stdout, stderr } = await finishBrownie(args, { directory: scene.directory, variables });
  const { items } = JSON.parse(stdout || '{}') as { items?: readonly Entry[] };
  const expected = items?.some(({ result }) => result === 'fail')
    ? 1
    : items?.every(({ result }) => result === 'pass')
      ? 0
      : 3;
  if (items === undefined || code !== expected) {
    throw new Error(`brownie ${args.join(' ')} ended with ${code} instead of ${expected}\n${stderr}`);
  }
  return items;
}

const figures = (counts: Readonly<Record<'items' | 'passed' | 'tried' | 'failed', number>>): Figure[] => [
  { name: 'items', value: counts.items, unit: 'items', atLeast: 13, atMost: 13 },
  {
    name: 'passed on the healthy system',
    value: counts.passed,
    unit: 'items',
    atLeast: passedOnHealthy,
    atMost: passedOnHealthy,
  },
  { name: 'items whose fault was made', value: counts.tried, unit: 'items', atLeast: 11 },
  { name: 'of them not turned red', value: counts.tried - counts.failed, unit: 'items', atMost: 0 },
];
