import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { syncPath } from '../../platform/system/write-file-durably.ts';
import { type Contents, readContents, replaceLink } from './files.ts';
import { currentLink, Generations } from './generations.ts';

/**
 * A folder of certificates whose files change all at once: each is a link through `.current`, which leads to the
 * generation in use. One rename swaps them all, so that neither a reader nor a power cut leaves a certificate beside the
 * key of another, and the generation before is there to go back to. Kubernetes mounts secrets in the same way.
 */
export class CertificateFolder {
  readonly path: string;
  readonly #generations: Generations;

  constructor(path: string) {
    this.path = path;
    this.#generations = new Generations(path);
  }

  /** What is in use; empty where there is no such folder. */
  async read(): Promise<Contents> {
    return await readContents(this.path);
  }

  /** Puts files in the place of others, or beside them; answers the generation that is in use now. */
  async publish(changes: Contents): Promise<string> {
    await mkdir(this.path, { recursive: true, mode: 0o755 });
    const before = await this.read();
    await this.#adopt(before);
    await this.#generations.dropLater();
    const after = { ...before, ...changes };
    const generation = await this.#generations.write(after);
    await this.#generations.use(generation);
    await this.#link(after);
    await this.#generations.prune();
    return generation;
  }

  /** What was in use before; undefined where there is none. */
  async previous(): Promise<{ readonly generation: string; readonly contents: Contents } | undefined> {
    return await this.#generations.previous();
  }

  /** Brings a generation back into use, whole. */
  async use(generation: string): Promise<void> {
    await this.#generations.use(generation);
  }

  /** Plain files become the first generation, unchanged. */
  async #adopt(plain: Contents): Promise<void> {
    if ((await this.#generations.current()) === undefined && Object.keys(plain).length > 0) {
      await this.#generations.use(await this.#generations.write(plain));
      await this.#link(plain);
    }
  }

  async #link(contents: Contents): Promise<void> {
    for (const name of Object.keys(contents)) {
      const file = join(this.path, name);
      const found = await lstat(file).catch(() => undefined);
      if (found?.isSymbolicLink() !== true) {
        await replaceLink(file, join(currentLink, name));
      }
    }
    await syncPath(this.path);
  }
}
