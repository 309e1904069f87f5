import { newPassword } from '../demo/demo-logins.ts';
import { fillScale, type Scale } from '../demo/fill-scale.ts';
import { Passwords } from '../platform/auth/passwords.ts';
import type { Database } from '../platform/database/database.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';
import { createProgress } from './progress.ts';

const count = (value: number): string => value.toLocaleString('en');

/** Makes many organizations, and prints how to log in to each. Those that are there already stay as they are, their passwords too. */
export async function demoScale(db: Database, { organizations, users, incidents }: Scale): Promise<void> {
  if (users < organizations) {
    throw new RefusedError(`${count(organizations)} organizations need at least as many users, one each`);
  }
  process.stdout.write(
    `Making ${count(organizations)} organizations, ${count(users)} users and ${count(incidents)} incidents, which take about ${gigabytes(incidents, users)} GB\n`,
  );
  const password = newPassword();
  const { report: onProgress } = createProgress(process.stdout);
  const made = await fillScale(db, {
    scale: { organizations, users, incidents },
    passwordHash: await new Passwords().hash(password),
    now: Date.now(),
    onProgress,
  });
  process.stdout.write(
    made === 0
      ? 'They are there already; their data are left as they are.\n'
      : `${count(made)} organizations were made. person-1@scale-1.example owns the first of all, and so on; the password of those that are new: ${password}\n`,
  );
}

/** @NOTE measured with all indexes: see docs/scaling.md. */
const gigabytes = (incidents: number, users: number): string =>
  Math.max(0.1, (incidents * 2_500 + users * 2_500) / 1e9).toFixed(1);
