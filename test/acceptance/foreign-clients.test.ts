import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { foreignProject } from '../foreign-clients/foreign-project.ts';
import { brownie, startService, temporaryFolder } from './service-process.ts';
import { signUp } from './sign-up.ts';

test('openapi-typescript, hey-api and orval make clients that compile and call', async () => {
  await using folder = await temporaryFolder();
  await using service = await startService({ METADATA_DATA_DIR: join(folder.path, 'data') });
  const { authorization = '' } = await signUp(service.url);
  const document = JSON.parse((await brownie(['openapi', '--server', service.url])).stdout);
  const project = join(folder.path, 'project');
  const inside = await foreignProject('typescript', project, document);

  await inside('openapi-typescript', ['openapi.json', '--output', 'openapi-typescript/schema.ts']);
  await inside('openapi-ts', [
    '--input',
    'openapi.json',
    '--output',
    'hey-api',
    '--client',
    '@hey-api/client-fetch',
  ]);
  await inside('orval', ['--config', 'orval.config.mjs']);
  const target = ['--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', '--module', 'esnext'];
  const options = ['--moduleResolution', 'bundler', '--allowImportingTsExtensions', '--noEmit', '--strict'];
  const nodeTypes = join(import.meta.dirname, '../../node_modules/@types');
  await inside('tsc', [
    ...target,
    ...options,
    '--types',
    'node',
    '--typeRoots',
    nodeTypes,
    '--skipLibCheck',
    'smoke.ts',
  ]);

  await using build = await rolldown({ cwd: project, input: join(project, 'smoke.ts'), platform: 'node' });
  await build.write({ file: join(project, 'smoke.mjs') });
  const variables = { BROWNIE_URL: service.url, BROWNIE_TOKEN: authorization.replace('Bearer ', '') };
  expect((await inside(process.execPath, ['smoke.mjs'], variables)).trim().split('\n')).toEqual([
    'openapi-typescript ada open 1 incident.not_found',
    'hey-api ada open 2 incident.not_found',
    'orval ada open 3 incident.not_found',
  ]);
});
