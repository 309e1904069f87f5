import { join } from 'node:path';
import { answers, type Program, startProgram } from '../../src/platform/programs/program.ts';

/** A Prometheus that runs, by its address: `http://127.0.0.1:9090`. */
export interface Prometheus extends AsyncDisposable {
  readonly url: string;
  /** The value of an expression now; undefined where it has none, the first where it has several. */
  value(expr: string): Promise<number | undefined>;
  /** The names of the alerts that fire now. */
  firing(): Promise<readonly string[]>;
}

const documents = join(import.meta.dirname, '../../docs');

/** Runs Prometheus on a configuration; its data and log stay in `directory`. It serves the runbooks below /user. */
export async function startPrometheus(options: {
  readonly configFile: string;
  readonly directory: string;
  readonly port: number;
}): Promise<Prometheus> {
  const { configFile, directory, port } = options;
  const url = `http://127.0.0.1:${port}`;
  const program: Program = await startProgram({
    command: 'prometheus',
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${directory}/prometheus`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-lifecycle',
      `--web.external-url=${url}`,
      `--web.user-assets=${documents}`,
    ],
    directory,
    isReady: answers(`${url}/-/ready`),
  });
  const get = async (path: string) => (await fetch(`${url}/api/v1/${path}`)).json();
  return {
    url,
    async value(expr) {
      const { data } = (await get(`query?query=${encodeURIComponent(expr)}`)) as {
        data: { result: { value: [number, string] }[] };
      };
      const [first] = data.result;
      return first === undefined ? undefined : Number(first.value[1]);
    },
    async firing() {
      const { data } = (await get('alerts')) as {
        data: { alerts: { state: string; labels: { alertname: string } }[] };
      };
      return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
    },
    [Symbol.asyncDispose]: () => program.end(),
  };
}
