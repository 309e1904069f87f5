import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { expect, inject, test } from 'vitest';
import { startService } from './service-process.ts';

/** More than Node lets wait by default (511); as many as this system lets wait at all, where that is less. */
const clients = (): number => Math.min(1_000, Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8')));

/** The process that listens: `serve` off a terminal is its parent. */
const listenerOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);

// @NOTE it reads /proc: Linux alone.
test.runIf(process.platform === 'linux')(
  'many clients that come while the service is busy are all let in',
  async () => {
    const logins = inject('databases');
    await using service = await startService({
      METADATA_POSTGRES_DSN: logins.service,
      METADATA_POSTGRES_MIGRATION_DSN: logins.owner,
      METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
      METADATA_HOST: '127.0.0.1',
    });
    const listener = listenerOf(service.process.pid ?? 0);
    const sockets: Socket[] = [];
    let connected = 0;
    process.kill(listener, 'SIGSTOP');
    try {
      for (let count = 0; count < clients(); count++) {
        const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => {
          connected += 1;
        });
        socket.on('error', () => undefined);
        sockets.push(socket);
      }
      await expect.poll(() => connected).toBe(clients());
    } finally {
      process.kill(listener, 'SIGCONT');
      for (const socket of sockets) {
        socket.destroy();
      }
    }
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    service.process.kill('SIGTERM');
    await once(service.process, 'close');
  },
);
