import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  MillisecondTimestamp,
  nullable,
  oneOf,
  Timestamp,
  withDefault,
} from '../../platform/schemas/common-schemas.ts';

const Message = Type.String({
  minLength: 1,
  maxLength: 500,
  // No control characters: it goes into replies, logs and terminals.
  pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$',
  description: 'What clients are told.',
  examples: ['The database moves to another machine; changes are taken again at 04:30 UTC'],
});
const moment = (description: string) => nullable(annotated(Timestamp, { description }));

/** What is to be of maintenance. */
export const MaintenanceOrder = exactly(
  {
    message: Message,
    until: withDefault(
      nullable(
        annotated(MillisecondTimestamp, {
          description: 'When it ends by itself; null where it stays until it is ended.',
        }),
      ),
      null,
    ),
  },
  { title: 'MaintenanceOrder', description: 'The maintenance that is to be.' },
);
export type MaintenanceOrder = Static<typeof MaintenanceOrder>;

const maintenance = {
  is_on: Type.Boolean({ description: 'Whether changes are refused now.', examples: [true] }),
  message: nullable(annotated(Message, { description: 'What clients are told; null where none is on.' })),
  until: moment('When it ends by itself; null where that is not planned.'),
  started_at: moment('When it began, in UTC; null where none is on.'),
  started_by: nullable(
    Type.String({ description: 'Who began it; null where none is on.', examples: ['operator at 10.0.0.7'] }),
  ),
};

/** Maintenance as it is. */
export const MaintenanceState = exactly(maintenance, {
  title: 'MaintenanceState',
  description: 'Whether maintenance is on: of all instances on the database.',
});
export type MaintenanceState = Static<typeof MaintenanceState>;

export const MaintenanceBegun = exactly(
  {
    ...maintenance,
    is_quiet: Type.Boolean({
      description: 'Whether every change that began before is done; false where one took too long.',
      examples: [true],
    }),
  },
  { title: 'MaintenanceBegun', description: 'Maintenance as it is now, and whether it is quiet.' },
);
export type MaintenanceBegun = Static<typeof MaintenanceBegun>;

/** How far an instance is. */
export const Phase = oneOf(['starting', 'serving', 'draining'], {
  title: 'Phase',
  description: 'How far an instance is: only a serving one is ready.',
  examples: ['draining'],
});
const inFlight = Type.Integer({ minimum: 0, description: 'Requests under way, without this one.' });

/** How far one instance is. */
export const InstancePhase = exactly(
  { phase: Phase, in_flight: inFlight },
  {
    title: 'InstancePhase',
    description: 'How far one instance is, and what it still has to do.',
  },
);
export type InstancePhase = Static<typeof InstancePhase>;

export const ReloadResult = exactly(
  {
    is_success: Type.Boolean({
      description: 'Where false, the log says why; the configuration before stays.',
    }),
  },
  { title: 'ReloadResult', description: 'How a reload went.' },
);
export type ReloadResult = Static<typeof ReloadResult>;

const count = (description: string) => Type.Integer({ minimum: 0, description });

/** What an operator wants to know of one instance. Names no secret, only ids of keys. */
export const InstanceInfo = exactly(
  {
    version: Type.String({ description: 'The version of the service.', examples: ['1.4.0'] }),
    node_version: Type.String({ description: 'The version of Node.js.', examples: ['24.1.0'] }),
    uptime_seconds: count('Seconds since the process began.'),
    phase: Phase,
    in_flight: inFlight,
    jwt_keys: Type.Array(
      exactly({
        kid: nullable(Type.String({ description: 'Its id in tokens; null where it has none.' })),
        status: oneOf(['next', 'current', 'previous'], {
          title: 'Key Status',
          description: 'What a key does: the current one signs, the others are only accepted.',
        }),
      }),
      { description: 'The keys that sign and verify tokens, by their ids alone.' },
    ),
    certificates: Type.Array(
      exactly({
        name: Type.String({ description: 'What it is used for.', examples: ['server'] }),
        not_after: annotated(Timestamp, { description: 'When it expires, in UTC.' }),
        days_remaining: Type.Integer({ description: 'Whole days until then; negative once it has expired.' }),
      }),
      { description: 'The certificates in use.' },
    ),
    migrations: exactly(
      {
        latest: Type.String({
          description: 'The last one that was applied.',
          examples: ['0012-single-sign-on'],
        }),
        pending: count('How many are not applied yet.'),
      },
      { description: 'The migrations of the database.' },
    ),
    pool: exactly(
      {
        active: count('Connections at work.'),
        idle: count('Connections that wait for work.'),
        waiting: count('Requests that wait for a connection.'),
        max: count('Connections that there may be.'),
      },
      { description: 'The connections of this instance to the database.' },
    ),
    maintenance: MaintenanceState,
  },
  { title: 'InstanceInfo', description: 'What an instance runs on. It names no secret, only ids of keys.' },
);
export type InstanceInfo = Static<typeof InstanceInfo>;
