import { type ChecklistName, goThrough, renderChecklist } from '../operations/checklists/index.ts';
import { openDoctorContext } from '../operations/doctor/index.ts';
import { serviceUrls } from '../operations/probing/ask-service.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { doctorPatient } from './doctor-context.ts';
import { type ExitCode, report } from './outcome.ts';

export interface ChecklistOptions {
  /** Addresses of instances; by default the one on this machine. */
  readonly url?: readonly string[];
  readonly log?: string;
  readonly json?: boolean;
}

/** Goes through a checklist. Ends with 1 where an item failed, with 3 where one needs a person. */
export async function checklist(name: ChecklistName, options: ChecklistOptions): Promise<void> {
  const settings = doctorPatient();
  const { config, faults } = settings.configuration;
  if (config === undefined) {
    throw new OperationError(faults.join('\n'));
  }
  await using doctor = openDoctorContext(settings);
  const own = serviceUrls(config)?.base;
  const urls = options.url ?? (own === undefined ? [] : [own]);
  if (urls.length === 0) {
    throw new OperationError('METADATA_PORT is 0: say where the instances are with --url');
  }
  const items = await goThrough(name, {
    doctor,
    urls: urls.map((url) => url.replace(/\/+$/, '')),
    logFile: options.log,
  });
  const has = (result: string): boolean => items.some((item) => item.result === result);
  const exitCode: ExitCode = has('fail') ? 1 : has('needs-a-person') ? 3 : 0;
  report({ exitCode, text: renderChecklist(items), json: { checklist: name, exitCode, items } }, options);
}
