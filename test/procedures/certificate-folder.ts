import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach } from 'vitest';
import { brownie, temporaryFolder } from '../acceptance/service-process.ts';

const run = promisify(execFile);

export const fileNames = ['ca.crt', 'ca.key', 'client.crt', 'client.key', 'server.crt', 'server.key'];
export const settings = { METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM' };
export const openssl = async (...args: string[]): Promise<string> => (await run('openssl', args)).stdout;

/** `brownie certs` on a folder that is new for each test of the file: `dev-certs`, until `use` names another one. */
export function certificateFolder() {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let certificates: string;
  const inFolder = (name: string): string => join(folder.path, name);
  const file = (name: string): string => join(certificates, name);
  const use = (path: string): void => {
    certificates = path;
  };
  beforeEach(async () => {
    folder = await temporaryFolder();
    use(inFolder('dev-certs'));
  });
  afterEach(() => folder[Symbol.asyncDispose]());
  return {
    inFolder,
    use,
    file,
    certs: (...args: string[]) => brownie(['certs', ...args, '--directory', certificates], settings),
    contents: () => Promise.all(fileNames.map((name) => readFile(file(name), 'utf8'))),
    verify: () => openssl('verify', '-CAfile', file('ca.crt'), file('client.crt'), file('server.crt')),
  };
}
