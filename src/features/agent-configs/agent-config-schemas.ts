import { type Static, Type } from 'typebox';
import {
  exactly,
  includeDeleted,
  JsonObject,
  JsonObjectOrArray,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  Tags,
  Timestamp,
  Uuid,
} from '../../platform/schemas/common-schemas.ts';

const int32Max = 2_147_483_647;

export const AgentType = oneOf(['incident_response', 'monitoring', 'analysis', 'notification', 'custom']);
const Name = Type.String({ minLength: 1, maxLength: 255, examples: ['Triage'] });
const Description = nullable(Type.String({ maxLength: 10_000 }));
const ExecutionTimeout = Type.Integer({ minimum: 1, maximum: int32Max, examples: [300] });
const MaxRetries = Type.Integer({ minimum: 0, maximum: int32Max, examples: [3] });
const RetryDelay = Type.Integer({ minimum: 1, maximum: int32Max, examples: [60] });
const Version = Type.Integer({ minimum: 1, maximum: int32Max });

/** What a version of a configuration says. */
const content = {
  name: Name,
  description: Description,
  agent_type: AgentType,
  is_active: Type.Boolean(),
  config: JsonObject,
  execution_timeout_seconds: ExecutionTimeout,
  max_retries: MaxRetries,
  retry_delay_seconds: RetryDelay,
  triggers: JsonObjectOrArray,
  conditions: JsonObjectOrArray,
  tags: Tags,
  config_metadata: JsonObject,
};

export const AgentConfigContent = exactly(content, { title: 'Agent Configuration Content' });
export type AgentConfigContent = Static<typeof AgentConfigContent>;
export const contentFields = Object.keys(content) as (keyof AgentConfigContent)[];

export const AgentConfig = exactly(
  {
    id: Uuid,
    org_id: Uuid,
    organization_id: Uuid,
    team_id: Uuid,
    ...content,
    version: Version,
    created_by: nullable(Uuid),
    updated_by: nullable(Uuid),
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: nullable(Timestamp),
    deleted_by: nullable(Uuid),
  },
  { title: 'Agent Configuration' },
);
export type AgentConfig = Static<typeof AgentConfig>;

const optional = {
  description: Type.Optional(Description),
  is_active: Type.Optional(Type.Boolean()),
  config: Type.Optional(JsonObject),
  execution_timeout_seconds: Type.Optional(ExecutionTimeout),
  max_retries: Type.Optional(MaxRetries),
  retry_delay_seconds: Type.Optional(RetryDelay),
  triggers: Type.Optional(JsonObjectOrArray),
  conditions: Type.Optional(JsonObjectOrArray),
  tags: Type.Optional(Tags),
  config_metadata: Type.Optional(JsonObject),
  organization_id: Type.Optional(Uuid),
  team_id: Type.Optional(Uuid),
};

export const NewAgentConfig = exactly(
  { name: Name, agent_type: AgentType, ...optional },
  { title: 'New Agent Configuration' },
);
export type NewAgentConfig = Static<typeof NewAgentConfig>;

export const AgentConfigUpdate = exactly(
  { name: Type.Optional(Name), agent_type: Type.Optional(AgentType), ...optional },
  { title: 'Agent Configuration Update', minProperties: 1 },
);
export type AgentConfigUpdate = Static<typeof AgentConfigUpdate>;

export const AgentConfigVersion = exactly(
  {
    config_id: Uuid,
    version: Version,
    change: oneOf(['created', 'updated', 'rolled_back', 'deleted', 'restored']),
    snapshot: AgentConfigContent,
    created_by: nullable(Uuid),
    created_at: Timestamp,
  },
  { title: 'Agent Configuration Version' },
);
export type AgentConfigVersion = Static<typeof AgentConfigVersion>;

export const AgentConfigPath = exactly({ config_id: Uuid });
export const VersionPath = exactly({ config_id: Uuid, version: Version });
export const AgentConfigQuery = exactly({ include_deleted: includeDeleted });
export const AgentConfigListQuery = exactly({
  agent_type: Type.Optional(AgentType),
  is_active: Type.Optional(Type.Boolean()),
  include_deleted: includeDeleted,
  ...pageQuery,
});
export type AgentConfigListQuery = Static<typeof AgentConfigListQuery>;
export const AgentConfigPage = pageOf(AgentConfig, 'Agent Configuration Page');
export const VersionListQuery = exactly(pageQuery);
export type VersionListQuery = Static<typeof VersionListQuery>;
export const VersionPage = pageOf(AgentConfigVersion, 'Agent Configuration Version Page');
export const Rollback = exactly(
  {
    to: Type.Integer({
      minimum: 1,
      maximum: int32Max,
      description: 'The version whose content is to be current again.',
    }),
  },
  { title: 'Rollback' },
);
