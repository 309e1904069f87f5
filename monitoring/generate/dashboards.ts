import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dashboards } from '../dashboards/index.ts';
import { defaultRunbooks } from '../dashboards/runbooks.ts';

// node monitoring/generate/dashboards.ts [--runbooks-url URL] [--out DIR]
const { values } = parseArgs({
  options: {
    'runbooks-url': { type: 'string', default: defaultRunbooks },
    out: { type: 'string', default: new URL('../../deploy/grafana/dashboards', import.meta.url).pathname },
  },
});

mkdirSync(values.out, { recursive: true });
for (const [id, dashboard] of dashboards(values['runbooks-url'])) {
  writeFileSync(`${values.out}/brownie-${id}.json`, `${JSON.stringify(dashboard, null, 2)}\n`);
}
