import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  includeDeleted,
  JsonObject,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  Uuid,
  withDefault,
} from '../../platform/schemas/common-schemas.ts';
import {
  CreatedAt,
  CreatedBy,
  DeletedAt,
  DeletedBy,
  exampleIds,
  OrganizationId,
  OrgId,
  TeamId,
  UpdatedAt,
  UpdatedBy,
} from '../../platform/schemas/shared-fields.ts';

/** Changes that a configuration may go through. */
export const versionsMax = 10_000;
const int32Max = 2_147_483_647;

export const ConfigId = annotated(Uuid, {
  description: 'The id of the configuration.',
  examples: [exampleIds.config],
});
const Layer = oneOf(['global', 'organization', 'team', 'alert'], {
  title: 'Configuration Layer',
  description:
    'Where it stands: `global` is the base of the organization, `organization` stands above it, then `team` for one team, `alert` for alerts that match. The agent configuration itself stands above all.',
});
const ConfigTeam = nullable(
  annotated(TeamId, { description: 'The team that it is for, in the layer `team`; null in the others.' }),
);
const Name = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'Its name; unique in the organization.',
  examples: ['Defaults of all agents'],
});
const Description = nullable(
  Type.String({
    maxLength: 10_000,
    description: 'What it is for; null where nobody said.',
    examples: ['What every agent is told'],
  }),
);
const Priority = Type.Integer({
  minimum: 0,
  maximum: 1000,
  description: 'The higher one wins inside a layer; of two that are alike, the one that was made later.',
  examples: [0],
});
const Pattern = Type.String({
  maxLength: 256,
  description:
    'A pattern of RE2 that the whole text matches, as in Prometheus; the empty one matches what the alert does not say.',
  examples: ['critical|high'],
});
export const labelsMax = 16;
const Labels = Type.Unsafe<Record<string, string>>({
  type: 'object',
  maxProperties: labelsMax,
  additionalProperties: Pattern,
  description: 'A pattern for each of these labels; a label that the alert does not have is the empty text.',
  examples: [{ service: 'checkout-.*' }],
});
const Match = exactly(
  {
    name: Type.Optional(
      annotated(Pattern, { description: 'Of the name of the alert.', examples: ['Disk.*'] }),
    ),
    severity: Type.Optional(annotated(Pattern, { description: 'Of its severity.' })),
    team: Type.Optional(
      annotated(Pattern, {
        description: 'Of the slug of the team that it is resolved for.',
        examples: ['payments-.*'],
      }),
    ),
    labels: Type.Optional(Labels),
  },
  {
    minProperties: 1,
    description:
      'Which alerts it is for, in the layer `alert`: those that all of it matches; null in the others.',
  },
);
const Config = annotated(JsonObject, {
  description:
    'What it says: a merge patch (RFC 7396) onto the layers below, at most 64 KiB of JSON. Null takes away. Secrets in it are shown as `[masked]`.',
  examples: [{ model: 'large', limits: { tokens: 4000 } }],
});
const State = oneOf(['draft', 'active', 'deprecated', 'archived'], {
  title: 'Configuration State',
  description:
    '`draft`: not in effect yet. `active`: in effect. `deprecated`: in effect still, and to be replaced. `archived`: over for good.',
});
export const Version = Type.Integer({
  minimum: 1,
  maximum: int32Max,
  description: 'Counts the changes, from 1 on.',
});

/** What a version of a configuration says. */
const content = {
  name: Name,
  description: Description,
  priority: Priority,
  match: nullable(Match),
  config: Config,
};

export const ConfigContent = exactly(content, {
  title: 'Configuration Content',
  description: 'What a version of a configuration says.',
});
export type ConfigContent = Static<typeof ConfigContent>;
export const contentFields = Object.keys(content) as (keyof ConfigContent)[];

export const Configuration = exactly(
  {
    id: ConfigId,
    org_id: OrgId,
    organization_id: OrganizationId,
    layer: Layer,
    team_id: ConfigTeam,
    ...content,
    state: State,
    version: annotated(Version, {
      description: 'Counts the changes, from 1 on; the `ETag`, for `If-Match`.',
    }),
    created_by: CreatedBy,
    updated_by: UpdatedBy,
    created_at: CreatedAt,
    updated_at: UpdatedAt,
    deleted_at: DeletedAt,
    deleted_by: DeletedBy,
  },
  { title: 'Layered Configuration', description: 'What agents are told in a layer, as it is now.' },
);
export type Configuration = Static<typeof Configuration>;

export const NewConfiguration = exactly(
  {
    layer: Layer,
    name: Name,
    team_id: withDefault(ConfigTeam, null),
    description: withDefault(Description, null),
    priority: withDefault(Priority, 0),
    match: withDefault(nullable(Match), null),
    config: withDefault(Config, {}),
  },
  { title: 'New Configuration', description: 'A configuration to be made, as a draft.' },
);
export type NewConfiguration = Static<typeof NewConfiguration>;

export const ConfigurationUpdate = exactly(
  {
    name: Type.Optional(Name),
    description: Type.Optional(Description),
    priority: Type.Optional(Priority),
    match: Type.Optional(Match),
    config: Type.Optional(Config),
  },
  {
    title: 'Configuration Update',
    description:
      'Fields of a configuration to change; those that are left out stay. Each is replaced as a whole. Layer and team stay for good.',
    minProperties: 1,
  },
);
export type ConfigurationUpdate = Static<typeof ConfigurationUpdate>;

export const ConfigurationPath = exactly({ configuration_id: ConfigId });
export const ConfigurationQuery = exactly({
  include_deleted: includeDeleted,
  include: Type.Optional(
    oneOf(['secrets'], {
      description: 'What else to show, to whoever may change it: secrets, not masked.',
    }),
  ),
});
export type ConfigurationQuery = Static<typeof ConfigurationQuery>;
export const ConfigurationListQuery = exactly({
  layer: Type.Optional(annotated(Layer, { description: 'Only those of this layer.' })),
  state: Type.Optional(annotated(State, { description: 'Only those in this state.' })),
  team_id: Type.Optional(annotated(TeamId, { description: 'Only those of this team.' })),
  include_deleted: includeDeleted,
  ...pageQuery,
});
export type ConfigurationListQuery = Static<typeof ConfigurationListQuery>;
export const ConfigurationPage = pageOf(Configuration, 'Configuration Page');

const Change = oneOf(
  ['created', 'updated', 'published', 'deprecated', 'archived', 'rolled_back', 'deleted', 'restored'],
  { title: 'Configuration Change', description: 'What made a version of a configuration.' },
);

export const ConfigurationVersion = exactly(
  {
    config_id: ConfigId,
    version: Version,
    change: Change,
    state: State,
    snapshot: ConfigContent,
    created_by: CreatedBy,
    created_at: CreatedAt,
  },
  {
    title: 'Configuration Version',
    description: 'A configuration as a change left it. Versions stay as they are.',
  },
);
export type ConfigurationVersion = Static<typeof ConfigurationVersion>;
