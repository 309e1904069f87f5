import { type Static, Type } from 'typebox';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';
import { nullable } from '../../platform/schemas/common-schemas.ts';
import type { AlertMatch } from './alert-match.ts';

const Setting = Type.Object({ revision: nullable(Type.String()), team_slug: nullable(Type.String()) });
/** What the layers of an organization are known by, and the slug of the team. */
export type Setting = Static<typeof Setting>;

/** A configuration as it takes part. */
export interface LayerRow {
  readonly id: string;
  readonly layer: 'global' | 'organization' | 'team' | 'alert';
  readonly team_id: string | null;
  readonly state: 'draft' | 'active' | 'deprecated';
  readonly version: number;
  readonly weight: number;
  readonly match: AlertMatch | null;
  readonly config: Readonly<Record<string, unknown>>;
}
const Layers = Type.Object({
  revision: nullable(Type.String()),
  layers: Type.Unsafe<LayerRow[]>({ type: 'array' }),
});

/** What configurations are merged from, within the tenant's scope of `db`. */
export const layerStore = (db: Queryable, orgId: string) => ({
  /** Of the team, or of the one that the agent configuration belongs to. */
  setting: ({
    teamId = null,
    agentConfigId = null,
  }: {
    teamId?: string | null;
    agentConfigId?: string | null;
  }) =>
    db.one(
      Setting,
      sql`select (select revision from config_revisions where org_id = ${orgId}),
                 (select slug from teams where org_id = ${orgId} and id = coalesce(${teamId}::uuid,
                    (select team_id from agent_configs where org_id = ${orgId} and id = ${agentConfigId}::uuid))) as team_slug`,
    ),

  /**
   * All that are in effect, in the order in which they are merged, and drafts; of one moment, with what they are known by then. @NOTE one statement: of
   * two, the second may see a later moment.
   */
  all: () =>
    db.one(
      Layers,
      sql`select (select revision from config_revisions where org_id = ${orgId}),
                 coalesce((select jsonb_agg(jsonb_build_object('id', id, 'layer', layer, 'team_id', team_id, 'state', state,
                     'version', version, 'weight', weight, 'match', match,
                     'config', case when state = 'draft' then '{}' else config end)
                     order by array_position(array['global', 'organization', 'team', 'alert'], layer), priority, id)
                   from configs where org_id = ${orgId} and deleted_at is null and state <> 'archived'), '[]') as layers`,
    ),
});
