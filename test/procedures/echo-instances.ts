import { createServer, type IncomingMessage, request } from 'node:http';

/** What an instance saw of a request. */
export interface Seen {
  readonly instance: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Three stand-ins for instances, which answer with what they were asked. */
export interface EchoInstances extends AsyncDisposable {
  readonly addresses: readonly [string, string, string];
  /** Everything that reached one of them, but for the questions whether it is ready. */
  readonly seen: readonly Seen[];
  /** Those which say that they are not ready. */
  readonly draining: Set<number>;
  /** Those which break the connection at every request but for that whether they are ready. */
  readonly broken: Set<number>;
}

export async function startEchoInstances(): Promise<EchoInstances> {
  const seen: Seen[] = [];
  const draining = new Set<number>();
  const broken = new Set<number>();
  const start = async (instance: number) => {
    const server = createServer((incoming, reply) => {
      if (incoming.url === '/health/ready') {
        reply.writeHead(draining.has(instance) ? 503 : 200).end();
        return;
      }
      const { method = '', url = '' } = incoming;
      seen.push({ instance, method, url, headers: flat(incoming) });
      if (broken.has(instance)) {
        incoming.socket.destroy();
        return;
      }
      incoming.resume();
      reply.end(JSON.stringify(seen.at(-1)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, address: `127.0.0.1:${(server.address() as { port: number }).port}` };
  };
  const instances = [await start(0), await start(1), await start(2)] as const;
  const [first, second, third] = instances;
  return {
    addresses: [first.address, second.address, third.address],
    seen,
    draining,
    broken,
    async [Symbol.asyncDispose]() {
      for (const { server } of instances) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

const flat = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** Asks with a path as it is written, which fetch would tidy. Resolves with status 0 where no reply came. */
export function ask(
  base: string,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Readonly<Record<string, string>> } = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(base);
    const outgoing = request({ hostname, port, path, method, headers, agent: false }, (reply) => {
      let body = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      reply.once('end', () => resolve({ status: reply.statusCode ?? 0, body }));
    });
    outgoing.once('error', () => resolve({ status: 0, body: '' }));
    outgoing.end();
  });
}
