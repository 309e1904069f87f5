import { isatty } from 'node:tty';

const standardStreams = [0, 1, 2];

/**
 * Tells a hang-up of the terminal from a SIGHUP that somebody sent: call it at the start, and what it answers when the
 * signal comes. A terminal that was there and is gone has hung up.
 */
export function watchTerminal(): () => boolean {
  const terminals = standardStreams.filter((stream) => isatty(stream));
  return () => terminals.some((stream) => !isatty(stream));
}
