import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownDatabase } from './own-database.ts';
import { brownie, startService, temporaryFolder } from './service-process.ts';
import { signUp } from './sign-up.ts';

const first = 'the-first-secret-of-this-test-0123456789ab';
const second = 'the-second-secret-of-this-test-0123456789a';

test('a changed secret is taken at SIGHUP, and logs nobody out', async () => {
  await using database = await ownDatabase({ isMigrated: true });
  await using folder = await temporaryFolder();
  const { METADATA_JWT_SECRET: _, ...rest } = database.variables;
  const [current, previous] = [join(folder.path, 'secret'), join(folder.path, 'previous')];
  const variables = {
    ...rest,
    METADATA_JWT_SECRET_FILE: current,
    METADATA_JWT_SECRET_PREVIOUS_FILE: previous,
  };
  await writeFile(current, first);
  await writeFile(previous, first);
  await using service = await startService(variables);
  const headers = await signUp(service.url);
  const me = async (): Promise<number> => (await fetch(`${service.url}/api/v1/auth/me`, { headers })).status;

  await writeFile(current, 'a secret that nobody else knows of, 0123456789');
  await writeFile(previous, 'nor this one, as the one before, 0123456789');
  service.process.kill('SIGHUP');
  await expect.poll(() => service.output()).toContain('is not reloaded, the one before stays');
  expect(await me()).toBe(200);

  await writeFile(previous, first);
  await writeFile(current, second);
  service.process.kill('SIGHUP');
  await expect
    .poll(() => service.output())
    .toMatch(
      /configuration reloaded; METADATA_JWT_SECRET(_PREVIOUS)?: (not set|sha256 [\da-f]{8}) → sha256 /,
    );
  expect(await me()).toBe(200);
  const status = await brownie(['jwt', 'status', '--json'], variables);
  const { keys } = JSON.parse(status.stdout) as { keys: { status: string; from_configuration: boolean }[] };
  expect(keys).toMatchObject([
    { status: 'next', from_configuration: true },
    { status: 'current', from_configuration: true },
  ]);
  expect(service.output() + status.stdout).not.toContain(second);
});
