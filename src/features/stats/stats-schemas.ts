import { type Static, Type } from 'typebox';
import {
  exactly,
  JsonObject,
  nullable,
  pageOf,
  pageQuery,
  Timestamp,
  Uuid,
} from '../../platform/schemas/common-schemas.ts';

const MetricName = Type.String({ minLength: 1, maxLength: 255, examples: ['mttr_minutes'] });
const MetricType = Type.String({ minLength: 1, maxLength: 50, examples: ['gauge'] });
const Value = Type.Number({ description: 'A finite number.', examples: [42.5] });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 1 });
const TimeWindow = nullable(Type.String({ minLength: 1, maxLength: 50, examples: ['1h'] }));
const Description = nullable(Type.String({ maxLength: 10_000 }));
const Unit = nullable(Type.String({ minLength: 1, maxLength: 50, examples: ['minutes'] }));

export const Stat = exactly(
  {
    id: Uuid,
    org_id: Uuid,
    organization_id: Uuid,
    team_id: Uuid,
    metric_name: MetricName,
    metric_type: MetricType,
    value: Value,
    count: Count,
    timestamp: Timestamp,
    time_window: TimeWindow,
    labels: JsonObject,
    description: Description,
    unit: Unit,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'Stat' },
);
export type Stat = Static<typeof Stat>;

export const NewStat = exactly(
  {
    metric_name: MetricName,
    metric_type: MetricType,
    value: Value,
    count: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    timestamp: Type.Optional(Timestamp),
    time_window: Type.Optional(TimeWindow),
    labels: Type.Optional(JsonObject),
    description: Type.Optional(Description),
    unit: Type.Optional(Unit),
    organization_id: Type.Optional(Uuid),
    team_id: Type.Optional(Uuid),
  },
  { title: 'New Stat' },
);
export type NewStat = Static<typeof NewStat>;

export const StatPath = exactly({ stats_id: Uuid });
export const StatListQuery = exactly({
  metric_name: Type.Optional(MetricName),
  metric_type: Type.Optional(MetricType),
  since: Type.Optional(
    Type.String({ format: 'date-time', description: 'Measured at or after this instant.' }),
  ),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'Measured before this instant.' })),
  ...pageQuery,
});
export type StatListQuery = Static<typeof StatListQuery>;
export const StatPage = pageOf(Stat, 'Stat Page');
