import { wholeNumber } from './kinds.ts';
import { setting } from './setting.ts';

const section = 'operations';

export const lifecycleSettings = {
  drainSeconds: setting(wholeNumber({ min: 0, max: 600 }), {
    name: 'METADATA_DRAIN_SECONDS',
    section,
    default: 5,
    under: { embedded: 0 },
    description:
      'How long an instance that is told to stop goes on serving while `/health/ready` says 503: longer than ' +
      'the load balancer needs to notice, and than it keeps idle connections.',
    example: '15',
  }),
  stopTimeoutSeconds: setting(wholeNumber({ min: 1, max: 600 }), {
    name: 'METADATA_STOP_TIMEOUT_SECONDS',
    section,
    default: 30,
    description:
      'How long requests under way may take after the drain before they are cut off. An orchestrator must ' +
      'wait longer than both together before it kills.',
    example: '60',
  }),
  startTimeoutSeconds: setting(wholeNumber({ min: 0, max: 86_400 }), {
    name: 'METADATA_START_TIMEOUT_SECONDS',
    section,
    default: 120,
    description:
      'How long a start waits for a database that does not answer yet; `0` waits without end. A wrong password or ' +
      'a pending migration ends it at once.',
    example: '600',
  }),
};
