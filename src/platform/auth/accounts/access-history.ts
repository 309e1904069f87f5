import { type Snapshot, seesAll } from '../../database/snapshot.ts';
import type { AccessReading, Moment } from './access-log.ts';

/** What stands in the log where too many changed to be named. */
const everybody = '00000000-0000-0000-0000-000000000000';
const changesMax = 10_000;

/** Whose access changed since when: decides whether what was read of a user still holds, wherever it was kept meanwhile. */
export class AccessHistory {
  readonly #changed = new Map<string, Snapshot>();
  #begin: Moment | undefined;

  /** Forgets all: what was read before this moment holds no more. */
  begin(moment: Moment): void {
    this.#changed.clear();
    this.#begin = moment;
  }

  /** Goes on with what was read since the last reading. */
  take({ moment, userIds }: AccessReading): void {
    const isAnother = moment.generation !== this.#begin?.generation;
    if (isAnother || userIds.includes(everybody) || this.#changed.size + userIds.length > changesMax) {
      this.begin(moment);
      return;
    }
    for (const userId of userIds) {
      this.#changed.set(userId, moment.snapshot);
    }
  }

  /** Whether what was read of a user at a moment saw every change of theirs that is known of. */
  holds(userId: string, { generation, snapshot }: Moment): boolean {
    return (
      generation === this.#begin?.generation &&
      seesAll(snapshot, this.#changed.get(userId) ?? this.#begin.snapshot)
    );
  }
}
