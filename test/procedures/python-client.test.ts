import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brownie, startService, temporaryFolder } from '../acceptance/service-process.ts';
import { signUp } from '../acceptance/sign-up.ts';
import { foreignProject } from '../foreign-clients/foreign-project.ts';
import { openApi30 } from '../foreign-clients/open-api-30.ts';

/** Debian's, which finds Debian's packages. */
const python = '/usr/bin/python3';
const jar = 'node_modules/@openapitools/openapi-generator-cli/bin/openapi-generator.jar';

test('OpenAPI Generator makes a Python client that compiles and calls', async () => {
  await using folder = await temporaryFolder();
  await using service = await startService({ METADATA_DATA_DIR: join(folder.path, 'data') });
  const { authorization = '' } = await signUp(service.url);
  const document = JSON.parse((await brownie(['openapi', '--server', service.url])).stdout);
  const project = join(folder.path, 'project');
  const inside = await foreignProject('python', project, openApi30(document));

  const options = ['--package-name', 'brownie_client', '--output', 'client'];
  await inside('java', [
    '-jar',
    jar,
    'generate',
    '--input-spec',
    'openapi.json',
    '--generator-name',
    'python',
    ...options,
  ]);
  await inside(python, ['-m', 'compileall', '-q', 'client/brownie_client']);
  await cp(join(project, 'smoke.py'), join(project, 'client/smoke.py'));
  const printed = await inside(python, ['client/smoke.py'], {
    BROWNIE_URL: service.url,
    BROWNIE_TOKEN: authorization.replace('Bearer ', ''),
  });
  expect(printed.trim().split('\n')).toEqual(["ada open True ['Checkout answers 502']", '404']);
});
