import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsDocument } from '../documents/metrics-document.ts';

writeFileSync(join(import.meta.dirname, '../../docs/metrics.md'), metricsDocument());
