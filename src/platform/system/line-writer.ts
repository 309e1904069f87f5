import { write, writeSync } from 'node:fs';

export interface LineWriterOptions {
  readonly fd: number;
  /** Told why lines cannot be written, or not fast enough: once for each reason, until they can. */
  readonly onFailure: (reason: string) => void;
  /** Told when everything that waited is out after that: how many lines were lost meanwhile. */
  readonly onRecovery: (lostLines: number) => void;
}

/**
 * POSIX writes so much to a pipe in one piece (PIPE_BUF on Linux): lines of several writers, as of the parent process
 * after `2>&1`, do not run into each other.
 */
const pieceBytesMax = 4_096;
const waitingBytesMax = 4 * 1024 * 1024;
const retryMs = 500;
const flushMs = 500;
/** For so long lines gather, unless they fill a piece: each piece takes a thread, which costs more than the line. */
const gatherMs = 5;
/** @NOTE a pipe whose reader is behind: nothing is wrong, and it will soon have room. */
const busyMs = 20;
const nothing = Buffer.alloc(0);

/** Whole lines that are written together. */
interface Piece {
  text: string;
  bytes: number;
}

const isBusy = ({ code }: NodeJS.ErrnoException): boolean => code === 'EAGAIN' || code === 'EBUSY';

/**
 * Writes lines to a file descriptor, in order and without ever waiting for it: what cannot be written (a full disk, a reader that is
 * gone or slow) waits and is tried again, up to 4 MiB; lines beyond that are lost, and counted. Keeps no process alive.
 */
export class LineWriter {
  readonly #options: LineWriterOptions;
  readonly #waiting: Piece[] = [];
  #waitingBytes = 0;
  /** What is next, or what is left of what was written in part. */
  #piece: Buffer = nothing;
  #isActive = false;
  #gathering: NodeJS.Timeout | undefined;
  #isInKernel = false;
  #failure: string | undefined;
  #writeErrors = 0;
  #lostLines = 0;
  #lostBefore = 0;
  #whenIdle: (() => void)[] = [];

  constructor(options: LineWriterOptions) {
    this.#options = options;
  }

  /** Writes that failed so far, for another reason than a slow reader. */
  get writeErrors(): number {
    return this.#writeErrors;
  }

  /** Lines that were lost so far. */
  get lostLines(): number {
    return this.#lostLines;
  }

  /** @param line ends in a newline */
  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > waitingBytesMax) {
      this.#lostLines += 1;
      this.#fail(this.#failure ?? 'it is not read as fast as it is written');
      return;
    }
    this.#append(line, bytes);
    if (!this.#isActive) {
      this.#isActive = true;
      this.#gather();
    }
  }

  /**
   * Writes what waits, as far as that goes at once: for the end of the process, when no other code runs any more. Gives
   * up at the first fault, and after half a second of a reader that does not read.
   */
  flushSync(): void {
    const deadline = performance.now() + flushMs;
    if (this.#isInKernel) {
      // @NOTE a thread of its own writes it at this moment.
      this.#piece = nothing;
    }
    for (let piece = this.#take(); piece.length > 0; piece = this.#take()) {
      try {
        this.#piece = piece.subarray(writeSync(this.#options.fd, piece));
      } catch (error) {
        if (!isBusy(error as NodeJS.ErrnoException) || performance.now() > deadline) {
          return;
        }
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyMs);
      }
    }
  }

  /**
   * Resolves when all that waits is out, or has not gone out for half a second. For an end by a signal: no thread that writes lives
   * through that, as it does through `process.exit`.
   */
  async flush(): Promise<void> {
    if (!this.#isActive) {
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenIdle.push(resolve);
    if (this.#gathering !== undefined) {
      this.#next();
    }
    const timer = setTimeout(resolve, flushMs);
    await promise;
    clearTimeout(timer);
  }

  #append(line: string, bytes: number): void {
    const last = this.#waiting.at(-1);
    this.#waitingBytes += bytes;
    if (last === undefined || last.bytes + bytes > pieceBytesMax) {
      this.#waiting.push({ text: line, bytes });
    } else {
      last.text += line;
      last.bytes += bytes;
    }
  }

  #gather(): void {
    this.#gathering = setTimeout(() => this.#next(), gatherMs).unref();
  }

  #next(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    const piece = this.#take();
    if (piece.length === 0) {
      this.#isActive = false;
      this.#recover();
      for (const tell of this.#whenIdle.splice(0)) {
        tell();
      }
      return;
    }
    this.#isInKernel = true;
    write(this.#options.fd, piece, (error, written) => {
      this.#isInKernel = false;
      if (error === null) {
        this.#piece = piece.subarray(written);
        if (this.#piece.length === 0 && this.#waiting.length === 1 && this.#whenIdle.length === 0) {
          this.#gather();
        } else {
          this.#next();
        }
        return;
      }
      if (!isBusy(error)) {
        this.#writeErrors += 1;
        this.#fail(error.code ?? error.message);
      }
      setTimeout(() => this.#next(), isBusy(error) ? busyMs : retryMs).unref();
    });
  }

  /** The next piece: whole lines, and one at least. */
  #take(): Buffer {
    if (this.#piece.length > 0) {
      return this.#piece;
    }
    const { text, bytes } = this.#waiting.shift() ?? { text: '', bytes: 0 };
    this.#waitingBytes -= bytes;
    this.#piece = bytes === 0 ? nothing : Buffer.from(text);
    return this.#piece;
  }

  #fail(reason: string): void {
    if (this.#failure !== reason) {
      this.#failure = reason;
      this.#options.onFailure(reason);
    }
  }

  #recover(): void {
    if (this.#failure !== undefined) {
      const lost = this.#lostLines - this.#lostBefore;
      this.#lostBefore = this.#lostLines;
      this.#failure = undefined;
      this.#options.onRecovery(lost);
    }
  }
}
