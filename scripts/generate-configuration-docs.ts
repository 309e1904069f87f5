import { writeFileSync } from 'node:fs';
import { configurationDocument } from '../src/config/documentation.ts';

writeFileSync(new URL('../docs/configuration.md', import.meta.url), configurationDocument());
