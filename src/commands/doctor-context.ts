import { ConfigurationError, processSource, resolveConfig } from '../config/index.ts';
import type { ConfigurationState } from '../operations/doctor/index.ts';
import { migrationsDirectory } from '../platform/database/preflight.ts';
import { version } from '../platform/system/version.ts';

/** What `openDoctorContext` takes, for the configuration of this process, whatever is wrong with it. */
export const doctorPatient = () => ({ version, migrationsDirectory, configuration: configurationState() });

function configurationState(): ConfigurationState {
  try {
    const { config, warnings, settings } = resolveConfig(processSource());
    const secretFiles = new Map(
      settings.flatMap(({ name, source }) =>
        source.startsWith('file ') ? [[name, source.slice('file '.length)] as const] : [],
      ),
    );
    return { config, warnings, secretFiles, faults: [] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) {
      throw error;
    }
    const { faults, warnings } = error;
    return { config: undefined, warnings, faults, secretFiles: new Map() };
  }
}
