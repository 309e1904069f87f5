import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigurationError, processSource, resolveConfig, secretTexts } from '../config/index.ts';
import { openDoctorContext } from '../operations/doctor/index.ts';
import { collect, createRedactor, tarFile } from '../operations/support/index.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';
import { doctorPatient } from './doctor-context.ts';
import { asJson, report } from './outcome.ts';

export interface SupportBundleOptions {
  /** Where it is written; by default a name with the time, in this folder. */
  readonly output?: string;
  /** The log of the service; by default the journal. */
  readonly log?: string;
  readonly logLines: number;
  readonly json?: boolean;
}

/**
 * Writes one file with what somebody else needs to understand a fault, without a secret in it. Ends with 3 where a part of it could
 * not be had. Throws RefusedError where the file is there already.
 */
export async function supportBundle({
  output,
  log,
  logLines,
  ...options
}: SupportBundleOptions): Promise<void> {
  const now = new Date();
  const name = `brownie-support-${now.toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const path = resolve(output ?? `${name}.tar.gz`);
  await using context = openDoctorContext(doctorPatient());
  const { pieces, missing } = await collect({
    context,
    configuration: shownConfiguration(),
    logFile: log,
    logLines,
  });
  const secret = context.configuration.config?.jwt.secret;
  const redact = createRedactor([...secretTexts(processSource()), ...(secret === undefined ? [] : [secret])]);
  const files = [
    ...pieces.map(({ name: file, content }) => ({
      name: file,
      text: redact(typeof content === 'string' ? content : asJson(content)),
    })),
    ...(missing.length === 0 ? [] : [{ name: 'missing.txt', text: redact(`${missing.join('\n')}\n`) }]),
  ];
  await write(
    path,
    tarFile(
      files.map((file) => ({ ...file, name: join(name, file.name) })),
      now,
    ),
  );
  report(
    {
      exitCode: missing.length === 0 ? 0 : 3,
      text: [
        `${path}: ${files.map(({ name: file }) => file).join(', ')}`,
        ...missing.map((line) => `could not be had: ${redact(line)}`),
        'Secrets, e-mail addresses and the addresses of clients are taken out. Look through it before you send it: tar -xzf',
        '',
      ].join('\n'),
      json: { file: path, files: files.map(({ name: file }) => file), missing: missing.map(redact) },
    },
    options,
  );
}

function shownConfiguration(): object {
  try {
    const { settings, warnings } = resolveConfig(processSource());
    return {
      settings: settings.map(({ name, section, json, source }) => ({ name, section, value: json, source })),
      warnings,
    };
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return { faults: error.faults, warnings: error.warnings };
    }
    throw error;
  }
}

async function write(path: string, content: Buffer): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new RefusedError(`${path} is there already: name another file with --output`);
    }
    throw error;
  }
}
