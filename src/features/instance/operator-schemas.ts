import { type Static, Type } from 'typebox';
import { exactly, nullable, oneOf, Timestamp } from '../../platform/schemas/common-schemas.ts';

const Message = Type.String({
  minLength: 1,
  maxLength: 500,
  // No control characters: it goes into replies, logs and terminals.
  pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$',
  description: 'What clients are told.',
  examples: ['The database moves to another machine; changes are taken again at 04:30 UTC'],
});
const moment = (description: string) => nullable(Type.String({ ...Timestamp, description }));

/** What is to be of maintenance. */
export const MaintenanceOrder = exactly(
  {
    message: Message,
    until: Type.Optional(moment('When it ends by itself; without it, it stays until it is ended.')),
  },
  { title: 'MaintenanceOrder' },
);
export type MaintenanceOrder = Static<typeof MaintenanceOrder>;

const maintenance = {
  is_on: Type.Boolean({ examples: [true] }),
  message: nullable(Message),
  until: moment('When it ends by itself; null where that is not planned.'),
  started_at: moment('Null where none is on.'),
  started_by: nullable(Type.String({ examples: ['operator at 10.0.0.7'] })),
};

/** Maintenance as it is. */
export const MaintenanceState = exactly(maintenance, { title: 'MaintenanceState' });
export type MaintenanceState = Static<typeof MaintenanceState>;

export const MaintenanceBegun = exactly(
  {
    ...maintenance,
    is_quiet: Type.Boolean({
      description: 'Whether every change that began before is done; false where one took too long.',
      examples: [true],
    }),
  },
  { title: 'MaintenanceBegun' },
);
export type MaintenanceBegun = Static<typeof MaintenanceBegun>;

const phase = oneOf(['starting', 'serving', 'draining'], { examples: ['draining'] });
const inFlight = Type.Integer({ minimum: 0, description: 'Requests under way, without this one.' });

/** How far one instance is. */
export const InstancePhase = exactly({ phase, in_flight: inFlight }, { title: 'InstancePhase' });
export type InstancePhase = Static<typeof InstancePhase>;

export const ReloadResult = exactly(
  {
    is_success: Type.Boolean({
      description: 'Where false, the log says why; the configuration before stays.',
    }),
  },
  { title: 'ReloadResult' },
);
export type ReloadResult = Static<typeof ReloadResult>;

const count = Type.Integer({ minimum: 0 });

/** What an operator wants to know of one instance. Names no secret, only ids of keys. */
export const InstanceInfo = exactly(
  {
    version: Type.String({ examples: ['0.1.0'] }),
    node_version: Type.String({ examples: ['24.1.0'] }),
    uptime_seconds: count,
    phase,
    in_flight: inFlight,
    jwt_keys: Type.Array(
      exactly({ kid: nullable(Type.String()), status: oneOf(['next', 'current', 'previous']) }),
    ),
    certificates: Type.Array(
      exactly({ name: Type.String(), not_after: Timestamp, days_remaining: Type.Integer() }),
    ),
    migrations: exactly({ latest: Type.String(), pending: count }),
    pool: exactly({ active: count, idle: count, waiting: count, max: count }),
    maintenance: MaintenanceState,
  },
  { title: 'InstanceInfo' },
);
export type InstanceInfo = Static<typeof InstanceInfo>;
