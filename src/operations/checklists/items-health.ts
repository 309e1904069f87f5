import type { Config } from '../../config/index.ts';
import { ask, jsonOf, operatorBase, serviceUrls } from '../probing/ask-service.ts';
import { fail, type Item, pass } from './item.ts';
import { shellWord } from './shell.ts';

const probes = ['/health', '/health/live', '/health/ready', '/health/startup'] as const;

interface Looked {
  readonly line: string;
  readonly isFine: boolean;
  /** What puts it right, where that is known. */
  readonly command?: string;
}

export const healthEndpoints: Item = {
  title: 'Check health endpoints',
  async look({ urls, doctor }) {
    const looked = (await Promise.all(urls.map((url) => probeInstance(url, doctor.config)))).flat();
    const faults = looked.filter(({ isFine }) => !isFine);
    const commands = new Set(faults.map(({ command = 'brownie doctor' }) => command));
    return faults.length === 0
      ? pass(looked.map(({ line }) => line))
      : fail(
          faults.map(({ line }) => line),
          [...commands].join('; '),
          'docs/runbooks/APIInstanceDown.md',
        );
  },
};

/** One line for each of its probes; for all of them where nothing answers. */
async function probeInstance(url: string, config: Config): Promise<readonly Looked[]> {
  try {
    return await Promise.all(probes.map((path) => probe(url, path, config)));
  } catch (error) {
    return [{ line: `${url}: no answer (${error instanceof Error ? error.message : error})`, isFine: false }];
  }
}

async function probe(url: string, path: string, config: Config): Promise<Looked> {
  const answer = await ask(`${url}${path}`);
  const { status, dependencies, phase } = jsonOf(answer) ?? {};
  const seen = `${url}${path}: ${answer.status}`;
  if (answer.status === 503 && phase === 'draining') {
    const command = undrain(url, config);
    return {
      line: `${seen} draining: put it back with ${command}, unless it is about to stop`,
      isFine: false,
      command,
    };
  }
  if (answer.status === 503 && phase === 'starting') {
    return { line: `${seen} starting`, isFine: false };
  }
  const rest = dependencies === undefined ? '' : ` ${JSON.stringify(dependencies)}`;
  return {
    line: `${seen} ${String(status)}${rest}`,
    isFine: answer.status === 200 && status === 'healthy',
  };
}

/** The command that puts an instance back. */
const undrain = (url: string, config: Config): string =>
  url === serviceUrls(config)?.base
    ? 'brownie undrain'
    : `brownie undrain --url ${shellWord(operatorBase(url, config))}`;
