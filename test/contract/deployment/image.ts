import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, matchesGlob } from 'node:path';
import { ensureBuild } from '../../../bin/fresh-build.mjs';
import { makeBuild } from '../../../scripts/build/make-build.ts';
import { root, textOf } from './repository.ts';

/** One line of a Dockerfile, continued ones joined. */
export interface Instruction {
  readonly word: string;
  readonly rest: string;
  /** The stage that it is in. */
  readonly stage: string;
}

/** The instructions of the Dockerfile. */
export function instructions(): Instruction[] {
  const lines = textOf('Dockerfile')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  let stage = '';
  return lines.map((line) => {
    const [word = '', ...rest] = line.trim().split(' ');
    stage = word === 'FROM' ? (rest.at(-1) ?? '') : stage;
    return { word, rest: rest.join(' '), stage };
  });
}

/** What is copied into an image from the repository, by stage. */
export const copied = (stage: string): string[] =>
  instructions()
    .filter(({ word, rest, stage: at }) => word === 'COPY' && at === stage && !rest.startsWith('--from'))
    .flatMap(({ rest }) => rest.split(' ').slice(0, -1));

/** What .dockerignore keeps out of what is copied. */
const isKeptOut = (path: string): boolean => /\.(test|fixture)\.ts$|\/test-support$/.test(path);

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
}

/**
 * A folder with what the image `service` has in /app: the files that the Dockerfile copies and what is built from them, and the
 * packages of production without those that it takes out again.
 */
export async function imageFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'brownie-image-'));
  for (const source of [...copied('dependencies'), ...copied('program')]) {
    await cp(join(root, source), join(path, source), {
      recursive: true,
      filter: (file) => !isKeptOut(file),
    });
  }
  const takenOut = instructions().flatMap(({ rest }) =>
    [...rest.matchAll(/rm -r ((?:node_modules\/\S+ ?)+)/g)].flatMap(([, names = '']) =>
      names.trim().split(' '),
    ),
  );
  const { packages } = JSON.parse(textOf('package-lock.json')) as Lock;
  for (const [place, { dev, devOptional }] of Object.entries(packages)) {
    const isTop = /^node_modules\/(@[^/]+\/)?[^/]+$/.test(place);
    const isOut = dev || devOptional || takenOut.some((name) => matchesGlob(place, `${name}{,/**}`));
    if (isTop && !isOut) {
      await mkdir(join(path, dirname(place)), { recursive: true });
      await symlink(join(root, place), join(path, place));
    }
  }
  await ensureBuild(path, makeBuild);
  for (const source of ['src', 'scripts']) {
    await rm(join(path, source), { recursive: true });
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
