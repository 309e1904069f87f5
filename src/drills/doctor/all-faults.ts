import type { Fault } from './fault.ts';
import { activityFaults } from './faults-of-activity.ts';
import { configurationFaults, furtherConfigurationFaults } from './faults-of-configuration.ts';
import { machineFaults } from './faults-of-machines.ts';
import { graveSchemaFaults, schemaFaults } from './faults-of-schema.ts';

const all: readonly Fault[] = [
  ...configurationFaults,
  ...furtherConfigurationFaults,
  ...graveSchemaFaults,
  ...schemaFaults,
  ...activityFaults,
  ...machineFaults,
];

/** A fault by what it is called. Throws where there is none. */
export function faultNamed(name: string): Fault {
  const fault = all.find((each) => each.name === name);
  if (fault === undefined) {
    throw new Error(`there is no fault called "${name}"`);
  }
  return fault;
}
