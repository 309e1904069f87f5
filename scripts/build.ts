import { join } from 'node:path';
import { ensureBuild } from '../bin/fresh-build.mjs';
import { makeBuild } from './build/make-build.ts';

// `npm run build`, which `npm ci` calls too: so the first start need not. Starts do it by themselves where the source is newer.
const name = await ensureBuild(join(import.meta.dirname, '..'), makeBuild);
process.stdout.write(`dist/${name}\n`);
