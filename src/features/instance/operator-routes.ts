import { operatorRoute, type Route, type Visitor } from '../../platform/http/route.ts';
import {
  InstanceInfo,
  InstancePhase,
  MaintenanceBegun,
  MaintenanceOrder,
  MaintenanceState,
  ReloadResult,
} from './operator-schemas.ts';

/** What the operator can ask of the service, or of the one instance that is asked. */
export interface OperatorActions {
  maintenance(): Promise<MaintenanceState>;
  startMaintenance(visitor: Visitor, order: MaintenanceOrder): Promise<MaintenanceBegun>;
  endMaintenance(visitor: Visitor): Promise<MaintenanceState>;
  drain(visitor: Visitor): Promise<InstancePhase>;
  undrain(visitor: Visitor): Promise<InstancePhase>;
  info(): Promise<InstanceInfo>;
  reload(visitor: Visitor): Promise<ReloadResult>;
}

const common = { tag: 'Service', permission: 'operator', status: 200 } as const;

/** The operator's routes: on the operators' port where there is one. */
export const operatorRoutes = (actions: OperatorActions): Route[] => [
  operatorRoute({
    ...common,
    method: 'GET',
    url: '/ops/maintenance',
    operationId: 'getMaintenance',
    summary: 'Whether maintenance is on',
    reply: MaintenanceState,
    handle: () => actions.maintenance(),
  }),
  operatorRoute({
    ...common,
    method: 'PUT',
    url: '/ops/maintenance',
    operationId: 'startMaintenance',
    summary: 'Begin maintenance, or change its message and its end',
    description:
      'Every instance refuses changes with 503 and `Retry-After` from now on; reads and logins go on. Answers once the changes ' +
      'that had begun are done.',
    body: MaintenanceOrder,
    example: { message: 'The database moves to another machine', until: '2030-01-01T04:30:00.000Z' },
    reply: MaintenanceBegun,
    handle: ({ caller, body }) => actions.startMaintenance(caller, body),
  }),
  operatorRoute({
    ...common,
    method: 'DELETE',
    url: '/ops/maintenance',
    operationId: 'endMaintenance',
    summary: 'End maintenance',
    reply: MaintenanceState,
    handle: ({ caller }) => actions.endMaintenance(caller),
  }),
  operatorRoute({
    ...common,
    method: 'POST',
    url: '/ops/drain',
    operationId: 'drainInstance',
    summary: 'Take this instance out of service: not ready from now on; what still comes is served',
    reply: InstancePhase,
    handle: ({ caller }) => actions.drain(caller),
  }),
  operatorRoute({
    ...common,
    method: 'DELETE',
    url: '/ops/drain',
    operationId: 'undrainInstance',
    summary: 'Put this instance back into service',
    reply: InstancePhase,
    handle: ({ caller }) => actions.undrain(caller),
  }),
  operatorRoute({
    ...common,
    method: 'GET',
    url: '/ops/info',
    operationId: 'getInstanceInfo',
    summary: 'What this instance runs on',
    reply: InstanceInfo,
    handle: () => actions.info(),
  }),
  operatorRoute({
    ...common,
    method: 'POST',
    url: '/ops/reload',
    operationId: 'reloadConfiguration',
    summary: 'Reload log level, secrets and certificates, as SIGHUP does',
    reply: ReloadResult,
    handle: ({ caller }) => actions.reload(caller),
  }),
];
