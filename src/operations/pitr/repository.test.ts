import { expect, test } from 'vitest';
import { reasonIn } from './repository.ts';

test.each([
  [
    '2025-10-24 12:00:00.000 P00  ERROR: [082]: WAL segment 000000010000000000000002 was not archived\n       HINT: check it\n',
    '[082]: WAL segment 000000010000000000000002 was not archived',
  ],
  [
    "ERROR: [041]: unable to load info file 'archive.info':\n       FileOpenError: unable to open file 'archive.info' for read: [13] Permission denied\n       HINT: no\n",
    "[041]: unable to load info file 'archive.info': FileOpenError: unable to open file 'archive.info' for read: [13] Permission denied",
  ],
  ['something else\n', 'something else'],
  ['', ''],
])('the reason in %j', (output, reason) => {
  expect(reasonIn(output)).toBe(reason);
});
