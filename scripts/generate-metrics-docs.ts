import { writeFileSync } from 'node:fs';
import { metricsDocument } from '../src/monitoring/documents/metrics-document.ts';

writeFileSync(new URL('../docs/metrics.md', import.meta.url), metricsDocument());
