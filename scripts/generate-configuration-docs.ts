import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationDocument } from '../src/config/documentation.ts';
import { environmentExample } from '../src/config/env-example.ts';

writeFileSync(join(import.meta.dirname, '../docs/configuration.md'), configurationDocument());
writeFileSync(join(import.meta.dirname, '../.env.example'), environmentExample());
