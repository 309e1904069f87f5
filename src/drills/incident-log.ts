import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runBrownie } from '../platform/programs/run-brownie.ts';
import { openScene } from './doctor/open-scene.ts';
import type { Drill } from './drill.ts';

interface Shown {
  readonly incident: { readonly opened: { readonly id: string }; readonly level: number };
  readonly post_mortem?: string;
}

/** An incident of the service from its first minute to the draft of its post-mortem, with a fault that is real. */
export const incidentLogDrill: Drill = {
  name: 'incident-log',
  shows: 'The log of an incident has what was the matter when it was opened, and becomes a post-mortem.',
  programs: ['redis-server'],
  async run({ directory, say }) {
    await using scene = await openScene(directory);
    const { variables } = scene;
    const incident = async (...args: readonly string[]): Promise<Shown> =>
      JSON.parse(await runBrownie(['incident', ...args, '--json'], { directory, variables })) as Shown;

    const startedAt = new Date().toISOString();
    await scene.redis.kill();
    await scene.noticed();
    const openedAt = performance.now();
    const { id } = (await incident('open', 'Redis is away', '--since', startedAt)).incident.opened;
    const secondsToOpen = (performance.now() - openedAt) / 1_000;
    say(`opened ${id} in ${secondsToOpen.toFixed(1)} s`);
    await incident('note', id, 'all instances say degraded', '--step', 'assess');
    await incident('note', id, 'nobody is hit: the service does without', '--step', 'contain');
    const { level } = (await incident('escalate', id)).incident;
    await scene.redis.start();
    await scene.recovered();
    await incident('note', id, 'started Redis again', '--step', 'resolve');
    const { post_mortem: postMortem = '' } = await incident('close', id, '--cause', 'the drill killed it');
    await incident('note', id, 'its host had been rebooted');
    const draft = await readFile(join(directory, postMortem), 'utf8');
    const expected = [
      'redis.connection: Nothing listens',
      'all instances say degraded',
      'nobody is hit: the service does without',
      'started Redis again',
      'the drill killed it',
      'its host had been rebooted (added after it was closed)',
      'senior engineer',
      '## Action items',
    ];
    const missing = expected.filter((words) => !draft.includes(words));
    if (missing.length > 0) {
      say(`not in the draft: ${missing.join('; ')}\n${draft}`);
    }
    return [
      { name: 'time to open it, evidence included', value: secondsToOpen, unit: 's', atMost: 30 },
      { name: 'level after one escalation', value: level, unit: '', atLeast: 2, atMost: 2 },
      { name: 'not in the draft of the post-mortem', value: missing.length, unit: 'facts', atMost: 0 },
    ];
  },
};
