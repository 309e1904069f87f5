import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** Folder of package.json: migrations/, deploy/ and docs/ are in it, whether this runs from src/ or from dist/. */
export const packageRoot: string = above(import.meta.dirname);

const source = join(packageRoot, 'src');

/** What stands in src/ and is no TypeScript is here at the same place: src/ itself, or the folder that it was built into. */
export const programRoot: string = import.meta.dirname.startsWith(source + sep)
  ? source
  : import.meta.dirname;

function above(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : above(dirname(folder));
}
