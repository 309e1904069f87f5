import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  JsonObject,
  nullable,
  pageOf,
  pageQuery,
  Timestamp,
  Uuid,
  withDefault,
} from '../../platform/schemas/common-schemas.ts';
import {
  CreatedAt,
  exampleIds,
  OrganizationId,
  OrgId,
  RepeatedOrganizationId,
  RepeatedTeamId,
  TeamId,
  UpdatedAt,
} from '../../platform/schemas/shared-fields.ts';

const MetricName = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'What was measured, in a word of yours.',
  examples: ['mttr_minutes'],
});
const MetricType = Type.String({
  minLength: 1,
  maxLength: 50,
  description: 'What kind of measure it is, in a word of yours.',
  examples: ['gauge'],
});
const Value = Type.Number({ description: 'What came out: a finite number.', examples: [42.5] });
const Count = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Of how many measurements the value is.',
  examples: [1],
});
const MeasuredAt = annotated(Timestamp, {
  description: 'When it was measured, in UTC: milliseconds, or microseconds where it was sent so.',
});
const TimeWindow = nullable(
  Type.String({
    minLength: 1,
    maxLength: 50,
    description: 'The span that it is of, in a word of yours; null where nobody said.',
    examples: ['1h'],
  }),
);
const Labels = annotated(JsonObject, {
  description: 'Data of your own that tell values apart, stored as they are.',
  examples: [{ service: 'checkout' }],
});
const Description = nullable(
  Type.String({
    maxLength: 10_000,
    description: 'What it means; null where nobody said.',
    examples: ['Mean time to resolve, of the last hour'],
  }),
);
const Unit = nullable(
  Type.String({
    minLength: 1,
    maxLength: 50,
    description: 'The unit of the value; null where nobody said.',
    examples: ['minutes'],
  }),
);
const StatId = annotated(Uuid, { description: 'The id of the measured value.', examples: [exampleIds.stat] });

export const Stat = exactly(
  {
    id: StatId,
    org_id: OrgId,
    organization_id: OrganizationId,
    team_id: TeamId,
    metric_name: MetricName,
    metric_type: MetricType,
    value: Value,
    count: Count,
    timestamp: MeasuredAt,
    time_window: TimeWindow,
    labels: Labels,
    description: Description,
    unit: Unit,
    created_at: CreatedAt,
    updated_at: UpdatedAt,
  },
  { title: 'Stat', description: 'A measured value of a team.' },
);
export type Stat = Static<typeof Stat>;

export const NewStat = exactly(
  {
    metric_name: MetricName,
    metric_type: MetricType,
    value: Value,
    count: withDefault(Count, 1),
    timestamp: Type.Optional(
      annotated(MeasuredAt, {
        description: 'When it was measured; without it, the moment at which it arrives.',
      }),
    ),
    time_window: withDefault(TimeWindow, null),
    labels: withDefault(Labels, {}),
    description: withDefault(Description, null),
    unit: withDefault(Unit, null),
    organization_id: Type.Optional(RepeatedOrganizationId),
    team_id: Type.Optional(RepeatedTeamId),
  },
  { title: 'New Stat', description: 'A measured value to be recorded.' },
);
export type NewStat = Static<typeof NewStat>;

export const StatPath = exactly({ stats_id: StatId });
export const StatListQuery = exactly({
  metric_name: Type.Optional(annotated(MetricName, { description: 'Only values of this measure.' })),
  metric_type: Type.Optional(annotated(MetricType, { description: 'Only values of this kind of measure.' })),
  since: Type.Optional(
    Type.String({ format: 'date-time', description: 'Measured at or after this instant.' }),
  ),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'Measured before this instant.' })),
  ...pageQuery,
});
export type StatListQuery = Static<typeof StatListQuery>;
export const StatPage = pageOf(Stat, 'Stat Page');
