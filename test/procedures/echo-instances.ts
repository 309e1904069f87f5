import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

/** What an instance saw of a request. */
export interface Seen {
  readonly instance: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
  /** One listens no more, and has closed its connections. */
  leave(instance: number): Promise<void>;
  /** All listen where they did. */
  comeBack(): Promise<void>;
}

export async function startEchoInstances(): Promise<EchoInstances> {
  const seen: Seen[] = [];
  const draining = new Set<number>();
  const broken = new Set<number>();
  const start = async (instance: number) => {
    const server = createServer(async (incoming, reply) => {
      if (incoming.url === '/health/ready') {
        reply.writeHead(draining.has(instance) ? 503 : 200).end();
        return;
      }
      const { method = '', url = '' } = incoming;
      const body = await text(incoming);
      seen.push({ instance, method, url, headers: flat(incoming), body });
      if (broken.has(instance)) {
        incoming.socket.destroy();
        return;
      }
      reply.end(JSON.stringify(seen.at(-1)));
    });
    await listen(server, 0);
    const { port } = server.address() as { port: number };
    return { server, port, address: `127.0.0.1:${port}` };
  };
  const instances = [await start(0), await start(1), await start(2)] as const;
  const [first, second, third] = instances;
  return {
    addresses: [first.address, second.address, third.address],
    seen,
    draining,
    broken,
    leave: async (instance) => {
      const { server } = instances[instance] ?? first;
      await close(server);
    },
    async comeBack() {
      for (const { server, port } of instances) {
        await (server.listening ? undefined : listen(server, port));
      }
    },
    async [Symbol.asyncDispose]() {
      for (const { server } of instances) {
        await close(server);
      }
    },
  };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));

function close(server: Server): Promise<unknown> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}

const flat = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks with a path as it is written, which fetch would tidy. Resolves with status 0 where no reply came. */
export function ask(
  base: string,
  path: string,
  { method = 'GET', headers = {}, body: sent }: Question = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(base);
    // @NOTE Node itself says nothing of a body that a DELETE has.
    const length = sent === undefined ? {} : { 'content-length': String(Buffer.byteLength(sent)) };
    const options = { hostname, port, path, method, headers: { ...headers, ...length }, agent: false };
    const outgoing = request(options, (reply) => {
      let body = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      reply.once('end', () => resolve({ status: reply.statusCode ?? 0, body }));
    });
    outgoing.once('error', () => resolve({ status: 0, body: '' }));
    outgoing.end(sent);
  });
}
