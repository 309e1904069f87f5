import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { scopeSettings, scopeValues } from './scope.ts';

const [orgId, userId] = [randomUUID(), randomUUID()];

describe('a scope', () => {
  test('sets what it names and clears what it does not', () => {
    expect(scopeValues({})).toEqual(['', '', '']);
    expect(scopeValues({ orgId })).toEqual([orgId, '', '']);
    expect(scopeValues({ orgId, userId, loginEmail: "o'hara@example.com" })).toEqual([
      orgId,
      userId,
      "o'hara@example.com",
    ]);
  });

  test('lasts for one transaction', () => {
    expect(scopeSettings.match(/set_config\('app\.\w+', \$\d, true\)/g)).toHaveLength(3);
  });

  test.each(['', '1', "'; reset role --", `${orgId} `, `${orgId}\n`, orgId.replaceAll('-', '')])(
    'of %j, which is no UUID, is refused',
    (id) => {
      expect(() => scopeValues({ orgId: id })).toThrow(expect.objectContaining({ code: 'service.internal' }));
      expect(() => scopeValues({ userId: id })).toThrow(
        expect.objectContaining({ code: 'service.internal' }),
      );
    },
  );
});
