import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileDurably } from '../platform/system/write-file-durably.ts';
import { emailOf, type LoginRole, people } from './people.ts';

/** Someone who can log in. All of them have the same password. */
export interface DemoLogin {
  readonly role: LoginRole;
  readonly email: string;
  readonly name: string;
}

export const demoLogins: readonly DemoLogin[] = people.flatMap(({ name, login }) =>
  login === undefined ? [] : [{ role: login, email: emailOf(name), name }],
);

// @NOTE without letters that read alike; 20 out of 32 make 100 bits.
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A new random password that can be typed: `h7mq-2vkd-9xwe-tr4n-c8pj`. */
export const newPassword = (): string =>
  Array.from({ length: 20 }, (_, index) => {
    const letter = alphabet.charAt(randomInt(alphabet.length));
    return index > 0 && index % 4 === 0 ? `-${letter}` : letter;
  }).join('');

/** Where the password is kept between runs; `null`: nowhere, only its hash is in the database. */
export type PasswordFile = string | null;

export const passwordFileIn = (directory: string): PasswordFile => join(directory, 'demo-logins.json');

/** Keeps the password, readable by its owner alone (0600). */
export async function keepPassword(file: PasswordFile, password: string): Promise<void> {
  if (file !== null) {
    const content = { password, logins: demoLogins.map(({ role, email }) => ({ role, email })) };
    await writeFileDurably(file, `${JSON.stringify(content, null, 2)}\n`);
  }
}

/** The password that was kept, or undefined where there is none. */
export async function keptPassword(file: PasswordFile): Promise<string | undefined> {
  if (file === null) {
    return undefined;
  }
  try {
    const { password } = JSON.parse(await readFile(file, 'utf8')) as { password?: unknown };
    return typeof password === 'string' ? password : undefined;
  } catch {
    // @NOTE missing or damaged: nothing is lost, a new password can be set.
    return undefined;
  }
}
