import type { X509Certificate } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { serverHost } from './server-host.ts';

const timeoutMs = 5_000;
/** PostgreSQL manual, 54.7 "Message Formats", SSLRequest: the length, and a number that is no version. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * The certificate that a PostgreSQL server shows at this moment, whoever signed it; undefined where it speaks no TLS, or
 * is reached by a socket file. Rejects where it cannot be reached within 5 s. Nothing is sent but the wish to speak TLS.
 */
export async function presentedCertificate(dsn: string): Promise<X509Certificate | undefined> {
  const host = serverHost(dsn);
  if (host === undefined) {
    return undefined;
  }
  const socket = connectTcp({ host, port: Number(URL.parse(dsn)?.port) || 5432 });
  const { promise, resolve, reject } = Promise.withResolvers<X509Certificate | undefined>();
  const timer = setTimeout(
    () => reject(new Error(`it did not answer within ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  socket.once('error', reject);
  socket.once('connect', () => socket.write(sslRequest));
  socket.once('data', (answer) => {
    if (answer.toString('latin1', 0, 1) === 'S') {
      greet(socket, host, resolve, reject);
    } else {
      resolve(undefined);
    }
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

function greet(
  socket: Socket,
  host: string,
  resolve: (certificate: X509Certificate | undefined) => void,
  reject: (error: Error) => void,
): void {
  const servername = isIP(host) === 0 ? { servername: host } : {};
  // @NOTE nothing secret follows, and a certificate that cannot be trusted is what one comes to look at.
  const secured = connectTls({ socket, rejectUnauthorized: false, ...servername });
  secured.once('secureConnect', () => resolve(secured.getPeerX509Certificate()));
  secured.once('error', reject);
}
