import type { Database } from '../../platform/database/database.ts';
import { withoutSecrets } from '../agent-configs/index.ts';
import type { JsonFields } from './json.ts';
import { KeptResults } from './kept-results.ts';
import { type LayerRow, layerStore } from './layer-store.ts';

/** What the layers that are kept may weigh in all, with what was resolved of them. */
const weightMax = 64 * 1024 * 1024;
/** What may be kept that was resolved: this, and twice what the layers weigh. */
const resultsWeight = 32 * 1024;

export interface KeptLayer extends Omit<LayerRow, 'config'> {
  readonly config: JsonFields;
  /** The same without secrets. */
  readonly shown: JsonFields;
}

/** The layers of an organization at one revision, and what was resolved of them. */
export interface KeptLayers {
  readonly revision: string | null;
  readonly layers: readonly KeptLayer[];
  readonly weight: number;
  readonly results: KeptResults;
}

/**
 * Keeps the layers of organizations as long as their revision is the one that a request reads with its own rows: a change is seen by every instance on
 * the next request, and nobody is told of it. Layers and results are kept, never layers that are merged with each other: what a null takes away of
 * those below would be lost.
 */
export class LayerCache {
  readonly #db: Database;
  readonly #kept = new Map<string, KeptLayers>();
  #weight = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The layers at this revision, or a later one. */
  async at(orgId: string, revision: string | null): Promise<KeptLayers> {
    const kept = this.#kept.get(orgId);
    if (kept !== undefined && kept.revision === revision) {
      this.#keep(orgId, kept);
      return kept;
    }
    const read = await this.#read(orgId, revision);
    this.#keep(orgId, read);
    return read;
  }

  /** @NOTE a replica may be behind the one that told the revision; the primary is not. */
  async #read(orgId: string, revision: string | null): Promise<KeptLayers> {
    const near = await layerStore(this.#db.lookUp({ orgId }), orgId).all();
    const { revision: at, layers: rows } =
      near.revision === revision ? near : await layerStore(this.#db.within({ orgId }), orgId).all();
    const layers = rows.map((row) => ({ ...row, shown: shownOf(row.config) }));
    const weight = layers.reduce((sum, each) => sum + each.weight, 0);
    return { revision: at, layers, weight, results: new KeptResults(resultsWeight + 2 * weight) };
  }

  #keep(orgId: string, layers: KeptLayers): void {
    this.#drop(orgId);
    this.#kept.set(orgId, layers);
    this.#weight += weightOf(layers);
    for (const oldest of this.#kept.keys()) {
      if (this.#weight <= weightMax || oldest === orgId) {
        break;
      }
      this.#drop(oldest);
    }
  }

  #drop(orgId: string): void {
    const kept = this.#kept.get(orgId);
    if (kept !== undefined) {
      this.#kept.delete(orgId);
      this.#weight -= weightOf(kept);
    }
  }
}

/** @NOTE counted as if all that may be kept were: it stays the same while they are. */
const weightOf = ({ weight, results }: KeptLayers): number => weight + results.weightMax;

/** The same object where nothing of it is masked: most say no secret, and take their room once. */
function shownOf(config: JsonFields): JsonFields {
  const shown = withoutSecrets({ config }).config;
  return JSON.stringify(shown) === JSON.stringify(config) ? config : shown;
}
