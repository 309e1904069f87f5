import { createConfig, lintFromString } from '@redocly/openapi-core';
import { type RulesetDefinition, Spectral } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import { beforeAll, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { brownie } from './service-process.ts';

const server = 'https://metadata.acme.test';
/** As `brownie openapi` prints it, with the address to use. */
let printed: object;

/** The names of the rules that a document breaks. */
async function warningsOf(document: object): Promise<readonly (string | number)[]> {
  const text = JSON.stringify(document);
  const config = await createConfig({ extends: ['recommended'] });
  const ofRedocly = await lintFromString({ source: text, absoluteRef: 'openapi.json', config });
  const spectral = new Spectral();
  spectral.setRuleset({ extends: [oas as RulesetDefinition] });
  const found = await spectral.run(JSON.parse(text));
  // @NOTE it knows scopes of OAuth alone, as OpenAPI 3.0; in 3.1 a requirement of any scheme may name what it must grant (4.8.30).
  const ofSpectral = found.filter(
    ({ message }) => !/^"\w+:\w+" must be listed among scopes\.$/.test(message),
  );
  return [...ofRedocly.map(({ ruleId }) => ruleId), ...ofSpectral.map(({ code }) => code)];
}

beforeAll(async () => {
  printed = JSON.parse((await brownie(['openapi', '--server', `${server}/`])).stdout);
});

test('it is the document that the service gives, with the address to use', async () => {
  await using app = await startApp();
  const given = (await (await fetch(`${app.url}/openapi.json`)).json()) as object;
  expect(printed).toEqual({ ...given, servers: [{ url: server, description: expect.any(String) }] });
});

test('Redocly (recommended) and Spectral (spectral:oas) have nothing to warn of', async () => {
  expect(await warningsOf(printed)).toEqual([]);
});

test('both would speak up', async () => {
  const warnings = await warningsOf({ openapi: '3.1.1', info: { title: 'Bare', version: '1' }, paths: {} });
  expect(warnings).toEqual(expect.arrayContaining(['info-license', 'info-contact']));
});
