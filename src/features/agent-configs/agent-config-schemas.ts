import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  includeDeleted,
  JsonObject,
  JsonObjectOrArray,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  searchQuery,
  Tags,
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
  RepeatedOrganizationId,
  RepeatedTeamId,
  TeamId,
  UpdatedAt,
  UpdatedBy,
} from '../../platform/schemas/shared-fields.ts';

const int32Max = 2_147_483_647;

export const AgentType = oneOf(['incident_response', 'monitoring', 'analysis', 'notification', 'custom'], {
  title: 'Agent Type',
  description: 'What an agent is for.',
});
const Name = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'Its name; unique in the team.',
  examples: ['Triage'],
});
const Description = nullable(
  Type.String({
    maxLength: 10_000,
    description: 'What it is for; null where nobody said.',
    examples: ['Sorts what comes in at night'],
  }),
);
const IsActive = Type.Boolean({
  description: 'Whether agents are to follow it: read by them, not by this service.',
});
const Config = annotated(JsonObject, {
  description:
    'What the agent is told: your own data, stored as they are. Secrets in it are shown as `[masked]`.',
  examples: [{ model: 'large', tools: ['logs', 'metrics'] }],
});
const ExecutionTimeout = Type.Integer({
  minimum: 1,
  maximum: int32Max,
  description: 'Seconds that a run of the agent may take.',
  examples: [300],
});
const MaxRetries = Type.Integer({
  minimum: 0,
  maximum: int32Max,
  description: 'How often the agent tries again after a failure.',
  examples: [3],
});
const RetryDelay = Type.Integer({
  minimum: 1,
  maximum: int32Max,
  description: 'Seconds between two tries.',
  examples: [60],
});
const Triggers = annotated(JsonObjectOrArray, {
  description: 'What sets the agent off: your own data, an object or a list, stored as they are.',
  examples: [{ severity: ['high', 'critical'] }],
});
const Conditions = annotated(JsonObjectOrArray, {
  description: 'What must hold besides: your own data, an object or a list, stored as they are.',
  examples: [{ environment: 'production' }],
});
const Metadata = annotated(JsonObject, {
  description: 'Data of your own about the configuration, stored as they are.',
  examples: [{ owner: 'payments' }],
});
const Version = Type.Integer({
  minimum: 1,
  maximum: int32Max,
  description: 'Counts the changes, from 1 on.',
});
const CurrentVersion = annotated(Version, {
  description: 'Counts the changes, from 1 on; the `ETag`, for `If-Match`.',
});
const ConfigId = annotated(Uuid, {
  description: 'The id of the agent configuration.',
  examples: [exampleIds.agentConfig],
});

/** What a version of a configuration says. */
const content = {
  name: Name,
  description: Description,
  agent_type: AgentType,
  is_active: IsActive,
  config: Config,
  execution_timeout_seconds: ExecutionTimeout,
  max_retries: MaxRetries,
  retry_delay_seconds: RetryDelay,
  triggers: Triggers,
  conditions: Conditions,
  tags: Tags,
  config_metadata: Metadata,
};

export const AgentConfigContent = exactly(content, {
  title: 'Agent Configuration Content',
  description: 'What a version of an agent configuration says.',
});
export type AgentConfigContent = Static<typeof AgentConfigContent>;
export const contentFields = Object.keys(content) as (keyof AgentConfigContent)[];

export const AgentConfig = exactly(
  {
    id: ConfigId,
    org_id: OrgId,
    organization_id: OrganizationId,
    team_id: TeamId,
    ...content,
    version: CurrentVersion,
    created_by: CreatedBy,
    updated_by: UpdatedBy,
    created_at: CreatedAt,
    updated_at: UpdatedAt,
    deleted_at: DeletedAt,
    deleted_by: DeletedBy,
  },
  { title: 'Agent Configuration', description: 'How an agent of a team is to behave, as it is now.' },
);
export type AgentConfig = Static<typeof AgentConfig>;

const pathIds = {
  organization_id: Type.Optional(RepeatedOrganizationId),
  team_id: Type.Optional(RepeatedTeamId),
};

export const NewAgentConfig = exactly(
  {
    name: Name,
    agent_type: AgentType,
    description: withDefault(Description, null),
    is_active: withDefault(IsActive, true),
    config: withDefault(Config, {}),
    execution_timeout_seconds: withDefault(ExecutionTimeout, 300),
    max_retries: withDefault(MaxRetries, 3),
    retry_delay_seconds: withDefault(RetryDelay, 60),
    triggers: withDefault(Triggers, {}),
    conditions: withDefault(Conditions, {}),
    tags: withDefault(Tags, []),
    config_metadata: withDefault(Metadata, {}),
    ...pathIds,
  },
  { title: 'New Agent Configuration', description: 'An agent configuration to be made.' },
);
export type NewAgentConfig = Static<typeof NewAgentConfig>;

export const AgentConfigUpdate = exactly(
  {
    name: Type.Optional(Name),
    agent_type: Type.Optional(AgentType),
    description: Type.Optional(Description),
    is_active: Type.Optional(IsActive),
    config: Type.Optional(Config),
    execution_timeout_seconds: Type.Optional(ExecutionTimeout),
    max_retries: Type.Optional(MaxRetries),
    retry_delay_seconds: Type.Optional(RetryDelay),
    triggers: Type.Optional(Triggers),
    conditions: Type.Optional(Conditions),
    tags: Type.Optional(Tags),
    config_metadata: Type.Optional(Metadata),
    ...pathIds,
  },
  {
    title: 'Agent Configuration Update',
    description:
      'Fields of an agent configuration to change; those that are left out stay. Each is replaced as a whole.',
    minProperties: 1,
  },
);
export type AgentConfigUpdate = Static<typeof AgentConfigUpdate>;

const AgentConfigChange = oneOf(['created', 'updated', 'rolled_back', 'deleted', 'restored'], {
  title: 'Agent Configuration Change',
  description: 'What made a version of an agent configuration.',
});

export const AgentConfigVersion = exactly(
  {
    config_id: ConfigId,
    version: Version,
    change: AgentConfigChange,
    snapshot: AgentConfigContent,
    created_by: CreatedBy,
    created_at: CreatedAt,
  },
  {
    title: 'Agent Configuration Version',
    description: 'An agent configuration as a change left it. Versions stay as they are.',
  },
);
export type AgentConfigVersion = Static<typeof AgentConfigVersion>;

/** A version in a list: its snapshot, which may be a megabyte, only where it is asked for. */
export const ListedVersion = exactly(
  { ...AgentConfigVersion.properties, snapshot: Type.Optional(AgentConfigContent) },
  {
    title: 'Listed Agent Configuration Version',
    description: 'A version of an agent configuration; its snapshot with `include=snapshot`.',
  },
);
export type ListedVersion = Static<typeof ListedVersion>;

export const AgentConfigPath = exactly({ config_id: ConfigId });
export const VersionPath = exactly({ config_id: ConfigId, version: Version });
export const AgentConfigQuery = exactly({
  include_deleted: includeDeleted,
  include: Type.Optional(
    oneOf(['secrets'], { description: 'What else to show, to members of the team: secrets, not masked.' }),
  ),
});
export type AgentConfigQuery = Static<typeof AgentConfigQuery>;
export const AgentConfigListQuery = exactly({
  agent_type: Type.Optional(annotated(AgentType, { description: 'Only those of this type.' })),
  is_active: Type.Optional(Type.Boolean({ description: 'Only the active ones, or only the others.' })),
  q: searchQuery('name or description'),
  include_deleted: includeDeleted,
  ...pageQuery,
});
export type AgentConfigListQuery = Static<typeof AgentConfigListQuery>;
export const AgentConfigPage = pageOf(AgentConfig, 'Agent Configuration Page');
export const VersionListQuery = exactly({
  include: Type.Optional(
    oneOf(['snapshot'], { description: 'What else to list of each version: what the configuration said.' }),
  ),
  ...pageQuery,
});
export type VersionListQuery = Static<typeof VersionListQuery>;
export const VersionPage = pageOf(ListedVersion, 'Agent Configuration Version Page');
export const Rollback = exactly(
  {
    to: Type.Integer({
      minimum: 1,
      maximum: int32Max,
      description: 'The version whose content is to be current again.',
    }),
  },
  { title: 'Rollback', description: 'What an agent configuration is to be again.' },
);
