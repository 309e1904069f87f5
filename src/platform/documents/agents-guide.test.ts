import { expect, test } from 'vitest';
import { agentsGuide } from './agents-guide.ts';
import { buildOpenApi } from './build-open-api.ts';
import { sampleRoutes, sampleTags } from './sample-routes.fixture.ts';

test('what a key may call is told in full, and the rest where it is', () => {
  const document = buildOpenApi({ routes: sampleRoutes, version: '1.2.3', tags: sampleTags });
  const guide = agentsGuide(document);
  const [forKeys = '', others = ''] = guide.split('## The rest');
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, { operationId, security }] of Object.entries(item)) {
      const isForKeys = security.some((scheme) => 'apiKey' in scheme);
      expect(isForKeys ? forKeys : others).toContain(
        `${isForKeys ? `\`${operationId}\`` : operationId} ${method.toUpperCase()} ${path.replace('/api/v1', '')}`,
      );
    }
  }
});
