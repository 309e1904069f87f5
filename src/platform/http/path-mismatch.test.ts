import { describe, expect, test } from 'vitest';
import { requireMatchingPath } from './path-mismatch.ts';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';
const other = '01890a5d-ac96-774b-bcce-b302099a8058';

describe('an id in the body', () => {
  test.each([
    ['left out', {}],
    ['the same', { team_id: id }],
    ['the same in upper case', { team_id: id.toUpperCase() }],
  ])('that is %s is taken', (_, body) => {
    expect(() => requireMatchingPath(body, { team_id: id })).not.toThrow();
  });

  test('that differs from the one in the path is refused, each with a pointer', () => {
    const check = () =>
      requireMatchingPath({ organization_id: other, team_id: other }, { organization_id: id, team_id: id });
    expect(check).toThrow(
      expect.objectContaining({
        code: 'request.path_mismatch',
        status: 422,
        faults: [
          { pointer: '/organization_id', message: 'differs from the id in the path' },
          { pointer: '/team_id', message: 'differs from the id in the path' },
        ],
      }),
    );
  });
});
