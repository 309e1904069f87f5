import { answers, startProgram } from '../../src/platform/programs/program.ts';

/** An Alertmanager that runs, by its address: `http://127.0.0.1:9093`. */
export interface Alertmanager extends AsyncDisposable {
  readonly url: string;
}

/** Runs Alertmanager on a configuration, alone; its data and log stay in `directory`. */
export async function startAlertmanager(options: {
  readonly configFile: string;
  readonly directory: string;
  readonly port: number;
}): Promise<Alertmanager> {
  const { configFile, directory, port } = options;
  const url = `http://127.0.0.1:${port}`;
  const program = await startProgram({
    command: 'prometheus-alertmanager',
    args: [
      `--config.file=${configFile}`,
      `--storage.path=${directory}/alertmanager`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    directory,
    isReady: answers(`${url}/-/ready`),
  });
  return { url, [Symbol.asyncDispose]: () => program.end() };
}
