import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dashboards } from '../dashboards/index.ts';
import { defaultRunbooks } from '../dashboards/runbooks.ts';

// node monitoring/generate/dashboards.ts [--runbooks-url URL] [--out DIR]
const { values } = parseArgs({
  options: {
    'runbooks-url': { type: 'string', default: defaultRunbooks },
    out: { type: 'string', default: join(import.meta.dirname, '../../deploy/grafana/dashboards') },
  },
});

mkdirSync(values.out, { recursive: true });
for (const [id, dashboard] of dashboards(values['runbooks-url'])) {
  writeFileSync(`${values.out}/brownie-${id}.json`, `${JSON.stringify(dashboard, null, 2)}\n`);
}
