import { cp, rename, rm } from 'node:fs/promises';
import { runToEnd } from '../../platform/programs/run-to-end.ts';

/** Makes a folder one on a disk that is as good as full, until it is disposed of. */
export interface SmallDisk extends AsyncDisposable {
  /** For who may not mount a disk: a command that runs another one, whose files may not grow above the limit. */
  readonly limit: { readonly wrapper?: readonly string[] };
}

const roomMegabytes = 2;

/**
 * A disk of memory with what is in the folder on it and room for 2 MB more; where that may not be mounted, a limit to the
 * size of a file, which PostgreSQL's programs and ours meet in the same way.
 */
export async function smallDisk(folder: string): Promise<SmallDisk> {
  const { stdout } = await runToEnd('du', ['--summarize', '--block-size=1M', folder]);
  const size = Number.parseInt(stdout, 10) + roomMegabytes;
  const aside = `${folder}.aside`;
  await rename(folder, aside);
  await runToEnd('mkdir', ['--mode=0750', folder]);
  const { code } = await runToEnd('mount', ['-t', 'tmpfs', '-o', `size=${size}m,mode=0750`, 'tmpfs', folder]);
  if (code !== 0) {
    await rm(folder, { recursive: true });
    await rename(aside, folder);
    // In blocks of 512 bytes. @NOTE the signal is not wanted: a full disk is an error that a program can tell.
    const limited = `trap '' XFSZ; ulimit -f ${2048 * roomMegabytes}; exec "$@"`;
    return {
      limit: { wrapper: ['sh', '-c', limited, 'sh'] },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  await cp(aside, folder, { recursive: true, preserveTimestamps: true });
  return {
    limit: {},
    async [Symbol.asyncDispose]() {
      await runToEnd('umount', [folder]);
      await rm(folder, { recursive: true });
      await rename(aside, folder);
    },
  };
}
