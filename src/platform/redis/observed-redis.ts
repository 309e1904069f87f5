import { Redis, type RedisOptions } from 'ioredis';

/** Stands around a command, by its name. Calls `send` at once. */
export type RoundTrip = <Result>(name: string, send: () => Promise<Result>) => Promise<Result>;

type Sending = Parameters<Redis['sendCommand']>;

/** A client whose every command goes through `roundTrip`. */
export class ObservedRedis extends Redis {
  readonly #roundTrip: RoundTrip;

  constructor(url: string, options: RedisOptions & { replyMapping?: 'legacy' }, roundTrip: RoundTrip) {
    super(url, options);
    this.#roundTrip = roundTrip;
  }

  override sendCommand(...[command, stream]: Sending): unknown {
    let sent: unknown;
    const seen = this.#roundTrip(command.name, () => {
      sent = super.sendCommand(command, stream);
      return command.promise;
    });
    // @NOTE whoever sent the command has its promise; this one only looked on.
    seen.catch(() => undefined);
    return sent;
  }
}
