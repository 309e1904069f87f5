import type { Variables } from '../../platform/programs/child-options.ts';
import { createInstance, type ServiceInstance } from '../../platform/programs/service-instance.ts';

/** Three instances of the service on one database. */
export interface Fleet extends AsyncDisposable {
  readonly instances: readonly [ServiceInstance, ServiceInstance, ServiceInstance];
  /** `127.0.0.1:40001` of each. */
  readonly addresses: readonly [string, string, string];
}

/**
 * Starts three instances, named api1 to api3; resolves when they are ready.
 * @param variables of all; a function gives each its own, by its index
 */
export async function startFleet(
  directory: string,
  variables: Variables | ((index: number) => Variables),
): Promise<Fleet> {
  await using resources = new AsyncDisposableStack();
  const create = async (index: number): Promise<ServiceInstance> =>
    resources.use(
      await createInstance({
        name: `api${index + 1}`,
        directory,
        variables: {
          METADATA_LOG_LEVEL: 'warning',
          ...(typeof variables === 'function' ? variables(index) : variables),
        },
      }),
    );
  const instances = [await create(0), await create(1), await create(2)] as const;
  await Promise.all(instances.map((instance) => instance.launch()));
  await Promise.all(instances.map((instance) => instance.ready()));
  const kept = resources.move();
  const [first, second, third] = instances;
  return {
    instances,
    addresses: [first.address, second.address, third.address],
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
