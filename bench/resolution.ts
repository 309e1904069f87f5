import { type KeptLayer, Patterns, resolveLayers } from '../src/features/configs/index.ts';
import { median } from './load.ts';

/** CPU time of an effective configuration of many layers: merged, explained and hashed, and written as JSON besides. */
const rounds = 7;
const resolutionsPerRound = 200;
const layerNames = ['global', 'organization', 'team', 'alert'] as const;
const team = '01890a5d-ac97-7c31-9a4e-5d1f0b6e2c14';

/** Some of all of an organization's values, some of each configuration's own, and in the layer `alert` patterns of three kinds. */
const layersOf = (count: number): KeptLayer[] =>
  Array.from({ length: count }, (_, index) => {
    const layer = layerNames[Math.floor((index * 4) / count)] ?? 'alert';
    const config = {
      model: index % 2 === 0 ? 'large' : 'small',
      limits: { tokens: index, seconds: 300 },
      [`tool_${index % 100}`]: { isOn: true, hosts: [`h${index}`], note: index % 7 === 0 ? null : 'kept' },
      [`own_${index}`]: index,
    };
    return {
      id: `01890a5d-ac97-7c31-9a4e-${String(index).padStart(12, '0')}`,
      layer,
      team_id: layer === 'team' ? team : null,
      state: 'active',
      version: 1,
      weight: 500,
      match:
        layer === 'alert'
          ? {
              severity: 'critical|high',
              name: `Disk.*${index % 10}?`,
              labels: { service: 'checkout-[a-z]+' },
            }
          : null,
      config,
      shown: config,
    };
  });

const asked = {
  teamId: team,
  team: 'payments',
  agent: { id: '0198c2d4-0f5a-7e79-8b36-7a6f5e4d3c69', version: 3, config: { model: 'own', limits: null } },
  alert: { name: 'DiskFull1', severity: 'critical', labels: { service: 'checkout-api' } },
  areSecretsShown: false,
};

/** Milliseconds of CPU time each. */
async function measured(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < resolutionsPerRound; index += 1) {
    await work();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / resolutionsPerRound / 1_000;
}

process.stdout.write(
  'ms of CPU time a resolution: merged, explained and hashed; written as JSON; layers, values explained, skipped\n',
);
for (const count of [10, 100, 1_000]) {
  const [layers, patterns] = [layersOf(count), new Patterns()];
  const resolve = () => resolveLayers(layers, asked, patterns);
  const result = await resolve();
  const [merging, writing]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    const figures = [await measured(resolve), await measured(() => JSON.stringify(result))] as const;
    if (round > 0) {
      merging.push(figures[0]);
      writing.push(figures[1]);
    }
  }
  const shown = [median(merging), median(writing)].map((ms) => ms.toFixed(2).padStart(8)).join(' ');
  process.stdout.write(
    `${shown}   ${count} layers, ${result.explain.length} values, ${result.skipped.length} skipped\n`,
  );
}
