import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { OperationError } from '../../platform/errors/operation-error.ts';
import { syncPath } from '../../platform/system/write-file-durably.ts';
import { LogEntry } from './entry.ts';
import { type Incident, incidentOf } from './incident.ts';

const fileName = /^(\d{8}-[0-9a-f]{4})\.jsonl$/;

/** Day, and something to tell those of a day apart: `20261125-3f9c`. */
export const newIncidentId = (now: Date): string =>
  `${now.toISOString().slice(0, 10).replaceAll('-', '')}-${randomBytes(2).toString('hex')}`;

export interface WrittenDraft {
  readonly path: string;
  /** Earlier drafts that somebody has worked on: they are as they were. */
  readonly edited: readonly string[];
}

/** What a file holds; undefined where there is none. Rejects where it cannot be read: it must not be written over then. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/**
 * The logs of incidents in a folder: a file each, a JSON object a line. Lines are only ever added, each on the disk before
 * the command that writes it is done.
 */
export class IncidentStore {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  pathOf(id: string, extension = 'jsonl'): string {
    return join(this.directory, `${id}.${extension}`);
  }

  /** Begins a log. Throws where there is one of this id. */
  async create(id: string, entry: LogEntry): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o750 });
    await this.#write(id, 'wx', `${JSON.stringify(entry)}\n`);
    await syncPath(this.directory);
  }

  /** Adds to a log. Throws OperationError where there is none. */
  async append(id: string, entry: LogEntry): Promise<void> {
    await this.read(id);
    await this.#write(id, 'a', `${JSON.stringify(entry)}\n`);
  }

  async #write(id: string, flag: 'wx' | 'a', text: string): Promise<void> {
    await using file = await open(this.pathOf(id), flag, 0o640);
    await file.writeFile(text);
    await file.sync();
  }

  /**
   * Writes the draft of a post-mortem, where it may stand: over one that is as this program left it, else beside those that
   * somebody has worked on.
   * @param isOurs whether a text is one that this program wrote
   */
  async writeDraft(id: string, text: string, isOurs: (text: string) => boolean): Promise<WrittenDraft> {
    const edited: string[] = [];
    for (let number = 1; ; number += 1) {
      const path = this.pathOf(id, number === 1 ? 'md' : `${number}.md`);
      const there = await textOf(path);
      if (there === undefined || isOurs(there)) {
        await this.#replace(path, text);
        return { path, edited };
      }
      edited.push(path);
    }
  }

  // @NOTE under another name first: a power cut leaves the old draft or the new one, and never half of one.
  async #replace(path: string, text: string): Promise<void> {
    const unfinished = `${path}.tmp`;
    {
      await using file = await open(unfinished, 'w', 0o640);
      await file.writeFile(text);
      await file.sync();
    }
    await rename(unfinished, path);
    await syncPath(this.directory);
  }

  /** An incident by its id. Throws OperationError where there is none, or its log cannot be read. */
  async read(id: string): Promise<Incident> {
    const text = await readFile(this.pathOf(id), 'utf8').catch(() => undefined);
    if (!/^[\w-]+$/.test(id) || text === undefined) {
      throw new OperationError(
        `There is no incident "${id}" in ${this.directory}: see brownie incident list`,
      );
    }
    const incident = incidentOf(entriesOf(text));
    if (incident === undefined) {
      throw new OperationError(`${this.pathOf(id)} is damaged: its first line does not open an incident`);
    }
    return incident;
  }

  /** Every incident, the newest first; a file that is no log of one is passed over. */
  async all(): Promise<readonly Incident[]> {
    const names = await readdir(this.directory).catch(() => []);
    const ids = names.flatMap((name) => fileName.exec(name)?.[1] ?? []);
    const read = await Promise.allSettled(ids.map((id) => this.read(id)));
    return read
      .flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
      .toSorted((a, b) => b.opened.at.localeCompare(a.opened.at));
  }
}

/** @NOTE a line that a power cut left half-written is passed over; whoever wrote it was not told that it is there. */
const entriesOf = (text: string): readonly LogEntry[] =>
  text.split('\n').flatMap((line) => {
    try {
      const read: unknown = JSON.parse(line);
      return Value.Check(LogEntry, read) ? [read] : [];
    } catch {
      return [];
    }
  });
