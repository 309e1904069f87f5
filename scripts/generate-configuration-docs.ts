import { writeFileSync } from 'node:fs';
import { configurationDocument } from '../src/config/documentation.ts';
import { environmentExample } from '../src/config/env-example.ts';

writeFileSync(new URL('../docs/configuration.md', import.meta.url), configurationDocument());
writeFileSync(new URL('../.env.example', import.meta.url), environmentExample());
