import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';

/** An empty page of an origin of its own: on `localhost`, where browsers take passkeys over plain HTTP. */
export async function servePage() {
  const server = createServer((_, reply) => {
    reply.setHeader('content-type', 'text/html').end('<!doctype html><title>A page</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    origin: `http://localhost:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Debian's Chromium without a window, and its tab, by the DevTools protocol. */
export class Browser implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #socket: WebSocket;
  readonly #folder: string;
  #last = 0;

  private constructor(process: ChildProcess, socket: WebSocket, folder: string) {
    this.#process = process;
    this.#socket = socket;
    this.#folder = folder;
  }

  static async open(): Promise<Browser> {
    const folder = await mkdtemp(join(tmpdir(), 'brownie-browser-'));
    const flags = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-dev-shm-usage',
    ];
    const process = spawn(
      'chromium',
      [...flags, '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'],
      { stdio: 'ignore' },
    );
    try {
      return new Browser(process, await socketOf(folder), folder);
    } catch (error) {
      await end(process, folder);
      throw error;
    }
  }

  /** A method of the DevTools protocol. */
  async send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    this.#last += 1;
    const id = this.#last;
    const answered = new Promise<Answer>((resolve) => {
      const hear = ({ data }: MessageEvent): void => {
        const answer = JSON.parse(String(data)) as Answer;
        if (answer.id === id) {
          this.#socket.removeEventListener('message', hear);
          resolve(answer);
        }
      };
      this.#socket.addEventListener('message', hear);
    });
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await answered;
    if (error !== undefined) {
      throw new Error(`${method}: ${error.message}`);
    }
    return result ?? {};
  }

  /** Opens a page, and waits until it is there. */
  async goTo(url: string): Promise<void> {
    await this.send('Page.navigate', { url });
    const read = 'document.readyState + " " + location.href';
    await vi.waitFor(async () => expect(await this.run(read)).toBe(`complete ${url}`), {
      timeout: 60_000,
      interval: 100,
    });
  }

  /** What an expression of JavaScript comes to in the page; throws what it throws. */
  async run(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = (await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    })) as { result?: { value?: unknown }; exceptionDetails?: { exception?: { description?: string } } };
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description);
    }
    return result?.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#process, this.#folder);
  }
}

/** Connects to the tab of a Chromium that has just been started. */
async function socketOf(folder: string): Promise<WebSocket> {
  const patience = { timeout: 60_000, interval: 100 };
  const port = await vi.waitFor(async () => {
    const [line = ''] = (await readFile(join(folder, 'DevToolsActivePort'), 'utf8')).split('\n');
    expect(line).toMatch(/^\d+$/);
    return line;
  }, patience);
  const url = await vi.waitFor(async () => {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
      type: string;
      webSocketDebuggerUrl: string;
    }[];
    const page = targets.find(({ type }) => type === 'page');
    expect(page).toBeDefined();
    return page?.webSocketDebuggerUrl ?? '';
  }, patience);
  const socket = new WebSocket(url);
  await once(socket, 'open');
  return socket;
}

async function end(process: ChildProcess, folder: string): Promise<void> {
  const ended = once(process, 'exit');
  process.kill();
  await ended;
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
