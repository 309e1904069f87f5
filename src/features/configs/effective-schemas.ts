import { type Static, Type } from 'typebox';
import { annotated, exactly, JsonObject, oneOf, Uuid } from '../../platform/schemas/common-schemas.ts';
import { exampleIds, TeamId } from '../../platform/schemas/shared-fields.ts';
import { ConfigId, labelsMax, Version } from './config-schemas.ts';

const AgentConfigId = annotated(Uuid, {
  description: 'The id of the agent configuration.',
  examples: [exampleIds.agentConfig],
});
const alertText = (description: string, example: string) =>
  Type.String({ maxLength: 255, description, examples: [example] });
const Alert = exactly(
  {
    name: Type.Optional(alertText('Its name.', 'DiskFull')),
    severity: Type.Optional(alertText('Its severity.', 'critical')),
    labels: Type.Optional(
      Type.Unsafe<Record<string, string>>({
        type: 'object',
        maxProperties: labelsMax * 4,
        additionalProperties: Type.String({ maxLength: 255 }),
        description: 'Its labels.',
        examples: [{ service: 'checkout-api' }],
      }),
    ),
  },
  {
    description: 'The alert that is being handled; without one no configuration of the layer `alert` holds.',
  },
);

export const Resolution = exactly(
  {
    team_id: Type.Optional(
      annotated(TeamId, {
        description: 'The team that it is for; that of the agent configuration by default.',
      }),
    ),
    agent_config_id: Type.Optional(
      annotated(AgentConfigId, {
        description: 'The agent configuration whose `config` stands above all layers.',
      }),
    ),
    alert: Type.Optional(Alert),
    include: Type.Optional(
      oneOf(['secrets'], {
        description:
          'What else to show, to members of the team, or to admins where there is none: secrets, not masked.',
      }),
    ),
  },
  { title: 'Configuration Resolution', description: 'What the effective configuration is asked for.' },
);
export type Resolution = Static<typeof Resolution>;

const SourceLayer = oneOf(['global', 'organization', 'team', 'alert', 'agent'], {
  title: 'Source Layer',
  description: 'The layer; `agent` is an agent configuration.',
});
const SourceOfValue = exactly(
  {
    layer: SourceLayer,
    config_id: annotated(ConfigId, {
      description: 'The configuration; in the layer `agent` the agent configuration.',
    }),
    version: Version,
  },
  { title: 'Source Of Value', description: 'A version of a configuration that says something.' },
);
const Explanation = exactly(
  {
    pointer: Type.String({
      description: 'Where in `effective`: a JSON pointer.',
      examples: ['/limits/tokens'],
    }),
    value: Type.Unknown({
      description:
        'What is there: a list as a whole, an object only where it is empty; null where nothing is there of its own.',
      examples: [4000],
    }),
    state: oneOf(['set', 'deleted', 'replaced'], {
      title: 'Explained State',
      description:
        '`set`: it is there. `deleted`: a null took it away. `replaced`: it went because something above it became a value, or it was a value and became an object.',
    }),
    from: SourceOfValue,
    overrode: Type.Array(SourceOfValue, {
      description: 'Those that said something else there before, the nearest first.',
    }),
  },
  {
    title: 'Explanation',
    description: 'Why something is at a place of the effective configuration, or is there no more.',
  },
);
const Skipped = exactly(
  {
    config_id: ConfigId,
    why: Type.String({
      description: 'Why, in words.',
      examples: ['the severity does not match critical|high'],
    }),
  },
  { title: 'Skipped Configuration', description: 'A configuration that was looked at and does not hold.' },
);

export const EffectiveConfiguration = exactly(
  {
    effective: annotated(JsonObject, {
      description: 'What is in effect: all layers, merged.',
      examples: [{ model: 'large', limits: { tokens: 4000 } }],
    }),
    hash: Type.String({
      description: 'The SHA-256 of `effective`, as shown, in its one spelling (RFC 8785); the `ETag`.',
      examples: ['c2c1e9d56a38a29dd4dfc2a7c9b4ba6e4fd9e0b1e8cb0e5b2c4d9d7a4f5c6b7a'],
    }),
    explain: Type.Array(Explanation, { description: 'Where each of its values is from, and what went.' }),
    skipped: Type.Array(Skipped, { description: 'Configurations that do not hold here, and why.' }),
    deprecated: Type.Array(ConfigId, {
      description: 'Configurations that are in effect here and are to be replaced.',
    }),
  },
  { title: 'Effective Configuration', description: 'What is in effect, and why.' },
);
export type EffectiveConfiguration = Static<typeof EffectiveConfiguration>;

export const AgentConfigPath = exactly({ config_id: AgentConfigId });
export const EffectiveQuery = exactly({
  include: Type.Optional(
    oneOf(['secrets'], { description: 'What else to show, to members of the team: secrets, not masked.' }),
  ),
});
export type EffectiveQuery = Static<typeof EffectiveQuery>;
