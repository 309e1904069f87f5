import { checkOut } from './earlier-version.ts';
import type { Setting } from './measure.ts';
import type { Options } from './options.ts';
import type { Stage } from './stage.ts';
import { startFloor, startService } from './subjects.ts';

/** Starts what is measured: the service, what it is measured against, and an earlier version where one is named. */
export async function open(
  options: Pick<Options, 'incidents' | 'earlier'>,
  stage: Stage,
  resources: AsyncDisposableStack,
): Promise<Setting> {
  const { incidents, earlier } = options;
  const service = await startService('service', { incidents }, stage, resources);
  return {
    stage,
    service,
    floors: {
      http: await startFloor('http', '', stage, resources),
      fastify: await startFloor('fastify', service.dsns.superuser, stage, resources),
    },
    earlier:
      earlier === undefined
        ? undefined
        : await startService(
            'earlier',
            { incidents, checkout: await checkOut(earlier, stage.directory, resources) },
            stage,
            resources,
          ),
  };
}
