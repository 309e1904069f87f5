import { ask, jsonOf } from '../doctor/index.ts';
import { fail, type Item, pass } from './item.ts';

const probes = ['/health', '/health/live', '/health/ready', '/health/startup'] as const;

export const healthEndpoints: Item = {
  title: 'Check health endpoints',
  async look({ urls }) {
    const faults: string[] = [];
    const lines: string[] = [];
    for (const url of urls) {
      for (const path of probes) {
        const [line, isFine] = await probe(`${url}${path}`);
        lines.push(line);
        faults.push(...(isFine ? [] : [line]));
      }
    }
    return faults.length === 0
      ? pass(lines)
      : fail(faults, 'brownie doctor; docs/runbooks/APIInstanceDown.md, docs/runbooks/DatabaseDown.md');
  },
};

async function probe(url: string): Promise<readonly [line: string, isFine: boolean]> {
  try {
    const answer = await ask(url);
    const { status, dependencies } = jsonOf(answer) ?? {};
    const rest = dependencies === undefined ? '' : ` ${JSON.stringify(dependencies)}`;
    return [
      `${url}: ${answer.status} ${String(status)}${rest}`,
      answer.status === 200 && status === 'healthy',
    ];
  } catch (error) {
    return [`${url}: no answer (${error instanceof Error ? error.message : error})`, false];
  }
}
