import { join } from 'node:path';
import { answers, type Program, startProgram } from '../../src/platform/programs/program.ts';

const shipped = join(import.meta.dirname, '../../deploy/blackbox/blackbox.yml');

/** Runs the blackbox exporter, which asks an address as a client does, on the file that is shipped; its log stays in `directory`. */
export async function startProber(options: {
  readonly directory: string;
  readonly port: number;
  /** A file of the authorities that it trusts, in the place of the machine's. */
  readonly authorities?: string;
}): Promise<AsyncDisposable> {
  const { directory, port, authorities } = options;
  const program: Program = await startProgram({
    command: 'prometheus-blackbox-exporter',
    args: [`--config.file=${shipped}`, `--web.listen-address=127.0.0.1:${port}`],
    directory,
    ...(authorities === undefined ? {} : { variables: { SSL_CERT_FILE: authorities } }),
    isReady: answers(`http://127.0.0.1:${port}/-/healthy`),
  });
  return { [Symbol.asyncDispose]: () => program.end() };
}
