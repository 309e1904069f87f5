import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RefusedError } from '../../platform/errors/operation-error.ts';
import { syncPath } from '../../platform/system/write-file-durably.ts';
import {
  type Contents,
  fileNames,
  linkTarget,
  type Owner,
  readContents,
  replaceLink,
  writeNewFile,
} from './files.ts';

const kept = 5;
const folderName = '.generations';

/** The name of the link that leads to the generation in use. */
export const currentLink = '.current';

/** The generations of a folder of certificates: whole sets of its files, numbered, of which one is in use. */
export class Generations {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** The one in use; undefined before the first. */
  async current(): Promise<string | undefined> {
    const target = await linkTarget(join(this.#path, currentLink));
    return target === undefined ? undefined : basename(target);
  }

  /** What was in use before; undefined where there is none. */
  async previous(): Promise<{ readonly generation: string; readonly contents: Contents } | undefined> {
    const current = await this.current();
    const generation = (await this.#all()).findLast((each) => current !== undefined && each < current);
    return generation === undefined
      ? undefined
      : { generation, contents: await readContents(join(this.#path, folderName, generation)) };
  }

  /** Forgets what was rolled back, so that nobody goes back to it. */
  async dropLater(): Promise<void> {
    const current = await this.current();
    for (const generation of await this.#all()) {
      if (current !== undefined && generation > current) {
        await this.#remove(generation);
      }
    }
  }

  /** Writes a set of files and answers its number; it is not in use yet. */
  async write(contents: Contents): Promise<string> {
    const parent = join(this.#path, folderName);
    await mkdir(parent, { recursive: true, mode: 0o755 });
    const last = (await this.#all()).at(-1) ?? '0';
    const generation = String(Number(last) + 1).padStart(6, '0');
    const draft = await mkdtemp(join(parent, 'draft-'));
    try {
      await chmod(draft, 0o755);
      for (const name of fileNames) {
        const text = contents[name];
        if (text !== undefined) {
          await writeNewFile(join(draft, name), text, await this.#accessTo(name));
        }
      }
      await syncPath(draft);
      await rename(draft, join(parent, generation));
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      throw code === 'ENOTEMPTY' || code === 'EEXIST'
        ? new RefusedError(
            `Another command is changing ${this.#path} at this moment: wait for it, and try again`,
          )
        : error;
    }
    await syncPath(parent);
    return generation;
  }

  /** Brings a generation into use, in one step. */
  async use(generation: string): Promise<void> {
    await replaceLink(join(this.#path, currentLink), join(folderName, generation));
    await syncPath(this.#path);
  }

  /** Removes the oldest ones, so that five stay. */
  async prune(): Promise<void> {
    const current = await this.current();
    const others = (await this.#all()).filter((each) => each !== current);
    for (const generation of others.slice(0, Math.max(0, others.length - (kept - 1)))) {
      await this.#remove(generation);
    }
  }

  async #remove(generation: string): Promise<void> {
    await rm(join(this.#path, folderName, generation), { recursive: true, force: true });
  }

  async #all(): Promise<readonly string[]> {
    const names = await readdir(join(this.#path, folderName)).catch(() => []);
    return names.filter((name) => /^\d{6}$/.test(name)).toSorted();
  }

  /**
   * @NOTE PostgreSQL and the service read their keys as users of their own: what root replaces stays readable for the
   * user, and for the group, whom it was readable for. Never for everybody.
   */
  async #accessTo(name: string): Promise<{ readonly mode: number; readonly owner: Owner | undefined }> {
    const isRoot = process.getuid?.() === 0;
    const before = isRoot ? await stat(join(this.#path, name)).catch(() => undefined) : undefined;
    const mode = name.endsWith('.key') ? 0o600 | ((before?.mode ?? 0) & 0o040) : 0o644;
    return { mode, owner: before };
  }
}
