import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { scopeSettings, scopeValues } from './scope.ts';

const [orgId, userId] = [randomUUID(), randomUUID()];

describe('a scope', () => {
  test('sets what it names and clears what it does not', () => {
    const [none, one, all] = [{}, { orgId }, { orgId, userId, loginEmail: "o'hara@example.com" }].map(
      (scope) => scopeValues(scope, undefined).slice(0, 3),
    );
    expect(none).toEqual(['', '', '']);
    expect(one).toEqual([orgId, '', '']);
    expect(all).toEqual([orgId, userId, "o'hara@example.com"]);
  });

  test('names the request that it serves, or the service', () => {
    expect(scopeValues({}, 'trace-4711').at(-1)).toBe('brownie/trace-4711');
    expect(scopeValues({}, undefined).at(-1)).toBe('brownie-metadata-api');
  });

  test('lasts for one transaction', () => {
    expect(scopeSettings.match(/set_config\('[\w.]+', \$\d, true\)/g)).toHaveLength(4);
  });

  test.each(['', '1', "'; reset role --", `${orgId} `, `${orgId}\n`, orgId.replaceAll('-', '')])(
    'of %j, which is no UUID, is refused',
    (id) => {
      expect(() => scopeValues({ orgId: id }, undefined)).toThrow(
        expect.objectContaining({ code: 'service.internal' }),
      );
      expect(() => scopeValues({ userId: id }, undefined)).toThrow(
        expect.objectContaining({ code: 'service.internal' }),
      );
    },
  );
});
