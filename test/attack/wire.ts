import { connect } from 'node:net';

/** What came back for some bytes: everything until the other side closed, or that it did not. */
export interface Exchange {
  readonly text: string;
  readonly isOpen: boolean;
}

const patienceMs = 20_000;

/** Sends bytes over a connection of their own, says that there are no more, and reads until it is closed. */
export function exchange(url: string, bytes: Buffer): Promise<Exchange> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const done = (isOpen: boolean): void => {
      socket.destroy();
      resolve({ text: Buffer.concat(parts).toString('latin1'), isOpen });
    };
    socket.setTimeout(patienceMs, () => done(true));
    socket.on('data', (part) => parts.push(part));
    socket.on('error', () => done(false));
    socket.on('close', () => done(false));
    socket.on('end', () => done(false));
    socket.end(bytes);
  });
}

const required = ['x-request-id', 'x-content-type-options', 'content-security-policy', 'cache-control'];

/** What of an exchange must not be: errors of ours, replies without our headers, more replies than requests. */
export function faultsOf({ text, isOpen }: Exchange, requests: number): readonly string[] {
  const replies = text.split(/^(?=HTTP\/1\.1 \d{3} )/m).filter((each) => each !== '');
  return [
    ...(isOpen ? [`neither answered nor closed within ${patienceMs / 1000} s`] : []),
    ...(replies.length > requests ? [`${replies.length} replies to ${requests} requests`] : []),
    ...replies.flatMap((reply) => {
      const [head = ''] = reply.split('\r\n\r\n', 1);
      const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
      const missing = required.filter((name) => !head.toLowerCase().includes(`\r\n${name}:`));
      return [
        ...(status >= 200 && status < 500 ? [] : [`answered ${head.slice(0, 200)}`]),
        ...(missing.length === 0 ? [] : [`answered ${status} without ${missing.join(', ')}`]),
      ];
    }),
  ];
}
