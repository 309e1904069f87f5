import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyRequirements } from '../../src/platform/auth/scopes.ts';
import { descriptionFaults } from '../../src/platform/documents/description-faults.fixture.ts';
import { documentFaults } from '../../src/platform/documents/document-faults.fixture.ts';
import { errorsOf } from '../../src/platform/documents/index.ts';
import { errorCatalogue } from '../../src/platform/errors/catalogue.ts';
import { prefixOf, type Route } from '../../src/platform/http/route.ts';
import { apiDocument } from '../../src/service/api-document.ts';
import { startApp, type TestApp } from '../harness/app.ts';

let app: TestApp;
const allRoutes = () => [...app.app.routes, ...app.app.scimRoutes, ...app.app.operatorRoutes];
const securityOf = ({ permission }: Route): object[] => {
  if (permission === 'public' || permission === 'operator') {
    return permission === 'public' ? [] : [{ operatorToken: [] }];
  }
  const needed = keyRequirements[permission];
  return [
    { bearerAuth: [] },
    ...(needed === 'a person' ? [] : [{ apiKey: needed === 'any key' ? [] : [needed] }]),
  ];
};

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

test('the document is OpenAPI 3.1 by its official schema, without dangling references or wrong examples', async () => {
  const document = apiDocument(allRoutes());
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)));
  expect([valid, errors]).toEqual([true, undefined]);
  expect(documentFaults(document)).toEqual([]);
});

test('it says what everything in it is', () => {
  expect(descriptionFaults(apiDocument(allRoutes()))).toEqual([]);
});

test('the service gives the same document at both addresses', async () => {
  const documents = await Promise.all(
    ['/openapi.json', '/api/v1/openapi.json'].map(async (path) => (await fetch(`${app.url}${path}`)).json()),
  );
  expect(documents[0]).toEqual(documents[1]);
  expect(documents[0]).toEqual(JSON.parse(JSON.stringify(apiDocument(allRoutes()))));
});

test('it names every route, with its permission, its security and each error it can give', () => {
  const { paths } = apiDocument(allRoutes());
  for (const route of allRoutes()) {
    const path = paths[`${prefixOf(route)}${route.url.replace(/:(\w+)/g, '{$1}')}`];
    const operation = path?.[route.method.toLowerCase() as 'get'];
    expect(operation).toMatchObject({
      operationId: route.operationId,
      'x-permission': route.permission,
      security: securityOf(route),
    });
    const statusOf = route.dialect?.statusOf ?? ((code) => errorCatalogue[code][0]);
    const statuses = new Set(errorsOf(route).map((code) => String(statusOf(code))));
    for (const status of [...statuses, String(route.status)]) {
      expect(Object.keys(operation?.responses ?? {}), route.operationId).toContain(status);
    }
  }
});

test('the pages and everything they load come from the service itself', async () => {
  for (const path of ['/docs', '/redoc']) {
    const html = await (await fetch(`${app.url}${path}`)).text();
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
    expect(loaded.length).toBeGreaterThan(1);
    for (const url of loaded.filter((each) => !each.startsWith('data:'))) {
      expect(url).toMatch(/^\//);
      expect((await fetch(`${app.url}${url}`)).status, url).toBe(200);
    }
  }
});
