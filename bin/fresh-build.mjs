// @ts-check
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// @NOTE JavaScript, as every command passes here: that Node.js strips types from one file takes longer than all that this does.

const attemptsMax = 5;

/** What the program is made of. In the second, npm keeps what it installed. */
const madeOf = ['package.json', 'node_modules/.package-lock.json', 'bin', 'scripts/build', 'src'];
const tests = /\.(test|fixture)\.ts$|^test-support$/;

/**
 * Answers the file that Node.js runs for the program: dist/<hash of the source that is there>/brownie.js, built where there is none
 * yet. Without source, what was built last runs as it is. Undefined where there is neither.
 *
 * Each build has a folder of its own, which is not touched again: what runs goes on with the files that it began with.
 * @param {string} root folder of package.json
 * @returns {Promise<{ entry: string, fault?: unknown } | undefined>} with a `fault`, the source itself is the entry: that is why it is not built
 */
export async function freshBuild(root) {
  const source = join(root, 'src/bin/brownie.ts');
  const last = lastBuild(root);
  if (!existsSync(source)) {
    return last === undefined ? undefined : { entry: entryOf(root, last.build) };
  }
  try {
    return { entry: entryOf(root, last?.glance === glanceAt(root) ? last.build : await ensureBuild(root)) };
  } catch (fault) {
    return { entry: source, fault };
  }
}

/**
 * Builds what is there, unless that was done already, and answers its name. Rejects where it cannot be built.
 * @param {string} root
 * @param {(build: { root: string, name: string, isCurrent: () => Promise<boolean> }) => Promise<void>} make
 */
export async function ensureBuild(root, make = buildBeside) {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const glance = glanceAt(root);
    const build = await hashOf(root);
    if (existsSync(entryOf(root, build))) {
      keepLast(root, { build, glance });
      return build;
    }
    await make({ root, name: build, isCurrent: async () => (await hashOf(root)) === build });
  }
  throw new Error(`the source changed each of the ${attemptsMax} times that it was built`);
}

/**
 * Builds in a process of its own: what builds would keep its memory, 600 MB, for as long as the service runs.
 * @param {{ root: string }} build
 */
async function buildBeside({ root }) {
  const { execFile } = await import('node:child_process');
  /** @type {Error | null} */
  const fault = await new Promise((resolve) => {
    const script = `import('./scripts/build.ts').catch(({ message }) => { console.error(message); process.exitCode = 1; })`;
    execFile(process.execPath, ['--eval', script], { cwd: root }, (error, _stdout, stderr) =>
      resolve(error === null ? null : new Error(stderr.trim() || error.message)),
    );
  });
  if (fault !== null) {
    throw fault;
  }
}

/** @param {string} root @param {string} build */
const entryOf = (root, build) => join(root, 'dist', build, 'brownie.js');
/** @param {string} root */
const fileOfLast = (root) => join(root, 'dist/last-build.json');

/**
 * Which build was made last, and how the source looked at first glance. Undefined where there is none.
 * @param {string} root
 * @returns {{ build: string, glance: string } | undefined}
 */
function lastBuild(root) {
  try {
    const last = JSON.parse(readFileSync(fileOfLast(root), 'utf8'));
    return existsSync(entryOf(root, last.build)) ? last : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} root @param {{ build: string, glance: string }} last */
function keepLast(root, last) {
  const file = fileOfLast(root);
  const beside = `${file}.${process.pid}`;
  try {
    writeFileSync(beside, JSON.stringify(last));
    renameSync(beside, file);
  } catch {
    // @NOTE it may not be ours to write: then the next start looks as long as this one did.
  }
}

/**
 * Names, sizes and times of all files: changes with all that editors, git and npm do. Not hashed: to load what hashes takes as long.
 * @param {string} root
 */
function glanceAt(root) {
  const lines = filesOf(root).map((file) => {
    const { size, mtimeMs } = statSync(join(root, file));
    return `${file} ${size} ${mtimeMs}`;
  });
  return lines.join('\n');
}

/**
 * Names and contents of all files: the same in every copy.
 * @param {string} root
 */
async function hashOf(root) {
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  for (const file of filesOf(root)) {
    const content = readFileSync(join(root, file));
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** @param {string} root */
const filesOf = (root) => madeOf.flatMap((name) => filesIn(root, name));

/**
 * @param {string} root @param {string} name of a file or folder in it, which need not be there
 * @returns {string[]}
 */
function filesIn(root, name) {
  const found = statSync(join(root, name), { throwIfNoEntry: false });
  if (found === undefined) {
    return [];
  }
  return found.isDirectory() ? below(root, name) : [name];
}

/**
 * @param {string} root @param {string} folder
 * @returns {string[]}
 */
function below(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !tests.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((each) => {
      const path = `${folder}/${each.name}`;
      return each.isDirectory() ? below(root, path) : [path];
    });
}
