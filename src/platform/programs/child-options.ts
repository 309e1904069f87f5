import type { SystemUser } from './system-user.ts';

/** Variables of the environment, by name. */
export type Variables = Readonly<Record<string, string>>;

/** Where a child of ours runs, and as whom. */
export interface ChildOptions {
  /** Added to what `childEnvironment` passes on. */
  readonly environment?: Variables | undefined;
  /** `/` where none is named: a child must not hold on to the folder that we were started in. */
  readonly directory?: string | undefined;
  /** Whom it runs as, where we may choose; its home folder is theirs. */
  readonly user?: SystemUser | undefined;
}

/** The same for Node.js: whatever is started beside the service is started with these. */
export const spawnOptions = ({ environment, directory = '/', user }: ChildOptions) => ({
  cwd: directory,
  env: childEnvironment({ ...environment, ...(user === undefined ? {} : { HOME: user.home }) }),
  ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
});

/**
 * All that a child of ours gets to see of the environment: where programs and the home folder are, one language and one
 * clock, and what is named here. @NOTE never ours as it is: it holds secrets, and variables of libpq, Node.js or the machine that
 * would change what the child does.
 */
export function childEnvironment(named: Variables = {}): Variables & { readonly PATH: string } {
  // biome-ignore lint/style/noProcessEnv: where programs and the home folder are, no settings of the service
  const { PATH = '/usr/local/bin:/usr/bin:/bin', HOME } = process.env;
  return { PATH, ...(HOME === undefined ? {} : { HOME }), LC_ALL: 'C.UTF-8', TZ: 'UTC', ...named };
}
