/** Shows how far a long piece of work is: a bar on a terminal, elsewhere a line now and then. */
export interface Progress {
  /** `kind`: what is counted, as a person says it. */
  readonly report: (kind: string, done: number, total: number) => void;
}

const barLength = 30;
const linesPerKind = 5;

export function createProgress(out: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): Progress {
  return { report: out.isTTY ? bar(out) : lines(out) };
}

const count = (value: number): string => value.toLocaleString('en');

function bar(out: Pick<NodeJS.WriteStream, 'write'>): Progress['report'] {
  return (kind, done, total) => {
    const full = Math.floor((done / total) * barLength);
    const drawn = '█'.repeat(full) + '░'.repeat(barLength - full);
    out.write(`\r  ${drawn}  ${count(done)} of ${count(total)} ${kind}${done === total ? '\n' : ''}`);
  };
}

function lines(out: Pick<NodeJS.WriteStream, 'write'>): Progress['report'] {
  const written = new Map<string, number>();
  return (kind, done, total) => {
    const part = Math.floor((done / total) * linesPerKind);
    if (part > (written.get(kind) ?? 0)) {
      written.set(kind, part);
      out.write(`${count(done)} of ${count(total)} ${kind}\n`);
    }
  };
}
