import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { telephoneSettings } from '../../src/operations/incident-log/on-call-policy.ts';
import { telephonesIn, telephonesOf } from '../render/telephones.ts';
import { defaultOptions, monitoringFiles } from './files.ts';

// node monitoring/generate/monitoring.ts [--out DIR] [--target HOST:PORT]… [--environment NAME] [--front URL]… [--prober HOST:PORT]
//   [--haproxy HOST:PORT]… [--alertmanager HOST:PORT]… [--time-scale N] [--webhook URL] [--telephone NUMBER]×4 [--runbooks-url URL] [--grafana-url URL]: see docs/adr/0011-monitoring-from-one-catalogue.md
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(import.meta.dirname, '../..') },
    target: { type: 'string', multiple: true, default: [...defaultOptions.targets] },
    environment: { type: 'string', default: defaultOptions.environment },
    front: { type: 'string', multiple: true, default: [...defaultOptions.fronts] },
    prober: { type: 'string', default: defaultOptions.prober },
    haproxy: { type: 'string', multiple: true, default: [...defaultOptions.haproxies] },
    alertmanager: { type: 'string', multiple: true, default: [...defaultOptions.alertmanagers] },
    'time-scale': { type: 'string', default: '1' },
    webhook: { type: 'string' },
    telephone: { type: 'string', multiple: true, default: [] },
    'runbooks-url': { type: 'string', default: defaultOptions.runbooks },
    'grafana-url': { type: 'string', default: defaultOptions.grafana },
  },
});

const timeScale = Number(values['time-scale']);
if (!(timeScale >= 1)) {
  throw new Error(
    `--time-scale ${values['time-scale']}: give a number from 1 on, by which all times are divided`,
  );
}
const telephones = values.telephone.length > 0 ? values.telephone : telephonesIn(process.env);
if (telephones.length === 0 && values.webhook === undefined) {
  process.stderr.write(
    `The telephones are placeholders: set ${telephoneSettings.join(', ')}, or give --telephone four times, on-call first\n`,
  );
}
const files = monitoringFiles({
  targets: values.target,
  environment: values.environment,
  fronts: values.front,
  prober: values.prober,
  haproxies: values.haproxy,
  alertmanagers: values.alertmanager,
  timeScale,
  webhook: values.webhook,
  telephones: telephonesOf(telephones),
  runbooks: values['runbooks-url'].replace(/\/$/, ''),
  grafana: values['grafana-url'].replace(/\/$/, ''),
});
for (const [path, text] of files) {
  const file = join(values.out, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
